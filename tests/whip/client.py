#!/usr/bin/env python3
"""A WHIP publisher and a WHEP viewer that share no code with the hub: aiortc does ICE, DTLS, SRTP, VP8 and Opus.

    client.py publish URL TOKEN COLOUR TONE [COLOUR ...]    sends a plain picture and a tone, and further pictures
    client.py view URL TOKEN [PICTURES [SOUNDS]]            says each half second which colours it sees and which tone it hears

Each line on standard output is one JSON object. It runs until standard input is closed, then deletes its session.
"""
import asyncio
import fractions
import json
import math
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import av
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

COLOURS = {"red": (90, 240), "blue": (240, 110), "green": (54, 34), "grey": (128, 128)}
RATE = 48000


def say(**what):
    print(json.dumps(what), flush=True)


def request(method, url, token, body=None, kind=None):
    """Status, headers and body, also of a refusal."""
    headers = {"Authorization": f"Bearer {token}"}
    if kind:
        headers["Content-Type"] = kind
    asked = urllib.request.Request(url, method=method, data=body and body.encode(), headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.headers, refusal.read().decode()


class Picture(MediaStreamTrack):
    """A plain picture whose brightness moves, so that every frame differs."""

    kind = "video"

    def __init__(self, colour):
        super().__init__()
        self.u, self.v = COLOURS[colour]
        self.count, self.start = 0, None

    async def recv(self):
        self.start = self.start or time.monotonic()
        self.count += 1
        await asyncio.sleep(max(0, self.start + self.count / 12 - time.monotonic()))
        frame = av.VideoFrame(320, 192, "yuv420p")
        luma = 90 + self.count % 40
        for plane, value in zip(frame.planes, (luma, self.u, self.v)):
            plane.update(bytes([value]) * plane.buffer_size)
        frame.pts, frame.time_base = self.count * 7500, fractions.Fraction(1, 90000)
        return frame


class Tone(MediaStreamTrack):
    """A sine wave."""

    kind = "audio"

    def __init__(self, hertz):
        super().__init__()
        self.hertz, self.at, self.start = hertz, 0, None

    async def recv(self):
        self.start = self.start or time.monotonic()
        await asyncio.sleep(max(0, self.start + self.at / RATE - time.monotonic()))
        count = RATE // 50
        frame = av.AudioFrame(format="s16", layout="mono", samples=count)
        wave = bytearray()
        for sample in range(self.at, self.at + count):
            value = int(9000 * math.sin(2 * math.pi * self.hertz * sample / RATE))
            wave += value.to_bytes(2, "little", signed=True)
        frame.planes[0].update(bytes(wave))
        frame.sample_rate, frame.pts, frame.time_base = RATE, self.at, fractions.Fraction(1, RATE)
        self.at += count
        return frame


class Eyes:
    """What was seen and heard since the last look."""

    def __init__(self):
        self.frames, self.colours = 0, {}
        self.samples, self.crossings, self.last = 0, 0, 0
        self.went_back = 0

    async def watch(self, track):
        number, last = len(self.colours), None
        self.colours[number] = None
        while True:
            frame = await track.recv()
            self.went_back += last is not None and frame.pts <= last
            last = frame.pts
            u, v = (sum(bytes(plane)[:4096:64]) / 64 for plane in frame.planes[1:3])
            self.colours[number] = min(COLOURS, key=lambda name: math.dist(COLOURS[name], (u, v)))
            self.frames += 1

    async def listen(self, track):
        while True:
            frame = await track.recv()
            wave = bytes(frame.planes[0])[: frame.samples * 4]
            for at in range(0, len(wave), 4):
                value = int.from_bytes(wave[at : at + 2], "little", signed=True)
                if abs(value) > 300:
                    self.crossings += (value > 0) != (self.last > 0)
                    self.last = value
            self.samples += frame.samples

    def look(self):
        tone = round(self.crossings * RATE / 2 / self.samples) if self.samples else 0
        colours = list(self.colours.values())
        seen = {"frames": self.frames, "colour": next(iter(colours), None), "colours": colours, "tone": tone}
        seen["went_back"] = self.went_back
        self.frames, self.samples, self.crossings = 0, 0, 0
        return seen


async def main():
    what, url, token, *rest = sys.argv[1:]
    pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    eyes, tasks = Eyes(), []
    if what == "publish":
        pc.addTrack(Picture(rest[0]))
        pc.addTrack(Tone(int(rest[1])))
        for colour in rest[2:]:
            pc.addTrack(Picture(colour))
    else:
        pictures, sounds = (int(count) for count in [*rest, *"11"[len(rest):]][:2])
        for kind in ["video"] * pictures + ["audio"] * sounds:
            pc.addTransceiver(kind, direction="recvonly")

    @pc.on("track")
    def on_track(track):
        watch = eyes.watch if track.kind == "video" else eyes.listen
        tasks.append(asyncio.ensure_future(watch(track)))

    @pc.on("connectionstatechange")
    def on_state():
        say(state=pc.connectionState)

    await pc.setLocalDescription(await pc.createOffer())
    loop = asyncio.get_running_loop()

    def ask(*args):
        return loop.run_in_executor(None, request, *args)

    status, headers, body = await ask("POST", url, token, pc.localDescription.sdp, "application/sdp")
    say(status=status, location=headers.get("Location"), etag=headers.get("ETag"), body=None if status == 201 else body)
    if status != 201:
        return
    await pc.setRemoteDescription(RTCSessionDescription(sdp=body, type="answer"))
    closed = loop.run_in_executor(None, sys.stdin.read)
    while not closed.done():
        await asyncio.wait([closed], timeout=0.5)
        if what == "view":
            say(**eyes.look())
    place = urllib.parse.urljoin(url, headers["Location"])
    status, _, _ = await ask("DELETE", place, token)
    say(deleted=status)
    await pc.close()


asyncio.run(main())
