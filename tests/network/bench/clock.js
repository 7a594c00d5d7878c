// Time on its way: a room whose camera shows the time and whose microphone beeps once a second, and what another page sees and hears
// of it, and when. All pages of a machine have one clock.

/** Installed in a room's page before it loads, in place of its camera and microphone. */
export const clockSource = () => `(${install})();`;

/* Runs in the page. */
function install() {
  const [COLUMNS, ROWS] = [5, 4];
  const WRAP = 2 ** (COLUMNS * ROWS);
  const now = () => performance.timeOrigin + performance.now();
  const own = new Set();
  const devices = navigator.mediaDevices;
  const context = new AudioContext({ latencyHint: 'interactive' });

  /** A picture of the time, as a field of black and white. */
  const camera = () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
    const paint = canvas.getContext('2d');
    const draw = () => {
      const time = Math.round(now()) % WRAP;
      for (let bit = 0; bit < COLUMNS * ROWS; bit += 1) {
        paint.fillStyle = Math.floor(time / 2 ** bit) % 2 === 1 ? '#fff' : '#000';
        paint.fillRect((bit % COLUMNS) * 128, Math.floor(bit / COLUMNS) * 90, 128, 90);
      }
    };
    draw();
    setInterval(draw, 1000 / 30);
    return canvas.captureStream(30).getVideoTracks()[0];
  };

  /** Notes when what a node plays becomes loud. */
  const listen = (node, times) => {
    const ear = context.createAnalyser();
    ear.fftSize = 512;
    node.connect(ear);
    const samples = new Float32Array(ear.fftSize);
    let quietSince = 0;
    setInterval(() => {
      ear.getFloatTimeDomainData(samples);
      const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      if (loudest > 0.1) {
        if (now() - quietSince < 100) times.push(now());
        quietSince = 0;
      } else {
        quietSince = now();
      }
    }, 4);
  };

  const beeps = [];
  const microphone = () => {
    const out = context.createMediaStreamDestination();
    const voice = (frequency, loudness) => {
      const gain = context.createGain();
      gain.gain.value = loudness;
      const tone = context.createOscillator();
      tone.frequency.value = frequency;
      tone.connect(gain).connect(out);
      tone.start();
      return gain;
    };
    voice(300, 0.01); // nobody is wholly silent
    const beep = voice(2000, 0);
    listen(beep, beeps);
    setInterval(() => {
      const at = context.currentTime;
      beep.gain.setValueAtTime(0.5, at);
      beep.gain.setValueAtTime(0, at + 0.1);
    }, 1000);
    return out.stream.getAudioTracks()[0];
  };

  devices.getUserMedia = async ({ audio, video }) => {
    // Without a click it may have to wait.
    const resumed = setInterval(() => (context.state === 'running' ? clearInterval(resumed) : void context.resume()), 200);
    const tracks = [audio && microphone(), video && camera()].filter(Boolean);
    tracks.forEach((track) => own.add(track.id));
    return new MediaStream(tracks);
  };

  const frames = [];
  const heard = [];
  const small = Object.assign(document.createElement('canvas'), { width: COLUMNS * 8, height: ROWS * 8 });
  const paint = small.getContext('2d', { willReadFrequently: true });
  const known = new WeakSet();

  /** Ages of a video element's pictures, ms. */
  const look = (video) => {
    const read = () => {
      const seen = now();
      paint.drawImage(video, 0, 0, small.width, small.height);
      const { data } = paint.getImageData(0, 0, small.width, small.height);
      let time = 0;
      for (let bit = 0; bit < COLUMNS * ROWS; bit += 1) {
        const [x, y] = [(bit % COLUMNS) * 8 + 4, Math.floor(bit / COLUMNS) * 8 + 4];
        if (data[4 * (y * small.width + x)] > 127) time += 2 ** bit;
      }
      const age = (Math.round(seen) - time) % WRAP;
      if (age >= 0 && age < 5000) frames.push(age);
      video.requestVideoFrameCallback(read);
    };
    video.requestVideoFrameCallback(read);
  };

  window.__clock = {
    begin: () => {
      for (const element of document.querySelectorAll('video, audio')) {
        for (const track of element.srcObject?.getTracks?.() ?? []) {
          if (own.has(track.id) || known.has(track)) continue;
          known.add(track);
          if (track.kind === 'video' && element instanceof HTMLVideoElement) look(element);
          else if (track.kind === 'audio') listen(context.createMediaStreamSource(new MediaStream([track])), heard);
        }
      }
      for (const list of [frames, heard, beeps]) list.length = 0;
    },
    end: () => ({ frames: [...frames], heard: [...heard], beeps: [...beeps] }),
  };
}

/** How old sound was when it was heard, ms: of every beep that was heard after one of these was made. */
export function ages(heard, beeps) {
  return heard.flatMap((at) => {
    const made = beeps.findLast((beep) => beep <= at);
    return made !== undefined && at - made < 900 ? [at - made] : [];
  });
}
