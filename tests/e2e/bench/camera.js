// A camera for browsers whose fake one cannot play a file (Firefox): the room's fields and the walking bar of fixtures.js, painted
// on a canvas. Devices are opened for real first, with their permissions and their failures; only the picture is exchanged.

import { fieldsOf } from './fixtures.js';

/** Installed in a room's page before it loads. */
export function cameraSource(room) {
  return `(${install})(${JSON.stringify(fieldsOf(room))});`;
}

/* Runs in the page. */
function install(fields) {
  const RATE = 15;
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const open = devices.getUserMedia.bind(devices);

  const paint = (canvas) => {
    const context = canvas.getContext('2d');
    const walk = ((performance.now() / 1000) * 280) % 560;
    context.fillStyle = '#305070';
    context.fillRect(0, 300, 640, 60);
    fields.forEach((white, at) => {
      context.fillStyle = white ? '#fff' : '#000';
      context.fillRect((at % 4) * 160, Math.floor(at / 4) * 150, 160, 150);
    });
    context.fillStyle = '#fff';
    context.fillRect(walk, 300, 80, 60);
  };

  devices.getUserMedia = async (wanted) => {
    const stream = await open(wanted);
    for (const track of stream.getVideoTracks()) {
      const canvas = document.createElement('canvas');
      Object.assign(canvas, { width: 640, height: 360 });
      paint(canvas);
      const painted = canvas.captureStream(RATE).getVideoTracks()[0];
      const timer = setInterval(() => paint(canvas), 1000 / RATE);
      const stop = painted.stop.bind(painted);
      painted.stop = () => {
        clearInterval(timer);
        track.stop();
        stop();
      };
      stream.removeTrack(track);
      stream.addTrack(painted);
    }
    return stream;
  };
}
