// What keeps a big screen alive without anybody near it: the screen stays lit, the page fills it, and once a night it is
// loaded afresh, so that a browser that has run for weeks does not tire.

/** Keeps the screen lit while the page is seen; the answer lets it sleep again. */
export function stayLit(): () => void {
  let lock: WakeLockSentinel | undefined;
  let over = false;
  const ask = async (): Promise<void> => {
    if (over || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    lock = await navigator.wakeLock.request('screen').catch(() => undefined);
    if (over) void lock?.release();
  };
  const seen = (): void => void ask();
  document.addEventListener('visibilitychange', seen);
  void ask();
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', seen);
    void lock?.release();
  };
}

export function toggleFullscreen(): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.documentElement.requestFullscreen({ navigationUI: 'hide' }).catch(() => undefined);
}

const NIGHT_HOUR = 3;
const TIRED_MS = 6 * 3_600_000;

/** Whether a page that was loaded at `loaded` should be loaded again at `now`: at night, when no sitting is open. */
export function nightly(loaded: Date, now: Date, sitting: boolean): boolean {
  return !sitting && now.getHours() === NIGHT_HOUR && now.getTime() - loaded.getTime() > TIRED_MS;
}
