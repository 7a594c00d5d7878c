// How the notes of a call are read: made up here, so that what the tables say of outages means what it says.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backAfter, longestMute } from '../bench/call.js';

/** A call noted ten times a second, in which nothing comes between these moments, s. */
function call(seconds, ...pauses) {
  const notes = [];
  let [frames, samples] = [0, 0];
  for (let at = 0; at <= seconds * 1000; at += 100) {
    if (!pauses.some(([from, to]) => at > from * 1000 && at < to * 1000)) [frames, samples] = [frames + 2, samples + 4800];
    const streams = { picture: { framesDecoded: frames }, sound: { totalSamplesReceived: samples, concealedSamples: 0 } };
    notes.push({ at, number: 0, streams });
  }
  return notes;
}

test('whoever comes back late is back late, and whoever was never away is back at once', () => {
  assert.equal(backAfter(call(20, [1, 8.5]), 6000), 2.5);
  assert.equal(backAfter(call(20), 6000), 0);
  assert.equal(longestMute(call(20, [1, 8.5])), 7.5);
});

test('a moment without pictures is no outage', () => assert.equal(backAfter(call(20, [6.2, 6.7]), 6000), 0));

test('whoever comes back and is gone again was not back', () => {
  assert.equal(backAfter(call(20, [1, 6.2], [6.5, 9]), 6000), 3);
  assert.equal(backAfter(call(20, [1, 6.2], [19, 21]), 6000), Number.POSITIVE_INFINITY);
});

test('what happens much later has another reason', () => assert.equal(backAfter(call(30, [1, 6.2], [15, 18]), 6000), 0.2));
