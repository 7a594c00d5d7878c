// The other half of `workerPulse`: told how often, says so as often.

self.addEventListener('message', (event: MessageEvent<number>) => {
  setInterval(() => self.postMessage(undefined), event.data);
});
