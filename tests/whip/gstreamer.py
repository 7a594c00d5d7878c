#!/usr/bin/python3
"""Publishes a red picture and a tone by WHIP with GStreamer's webrtcbin, for so many seconds: another client that shares no code
with the hub. By hand, because the packages are large (Debian 12: python3-gi gir1.2-gst-plugins-bad-1.0 gstreamer1.0-nice
gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad; its whipsink is not packaged there).

    gstreamer.py URL TOKEN SECONDS

libnice sends nothing to 127.0.0.1: let the hub's media listen on an address of the network.
"""
import sys
import urllib.request

import gi

for name in ("Gst", "GstWebRTC", "GstSdp"):
    gi.require_version(name, "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

url, token, seconds = sys.argv[1:4]
Gst.init(None)
pipeline = Gst.parse_launch(
    """webrtcbin name=web bundle-policy=max-bundle
    videotestsrc is-live=true pattern=red ! video/x-raw,width=320,height=192,framerate=12/1 ! videoconvert ! queue
      ! vp8enc deadline=1 keyframe-max-dist=30 ! rtpvp8pay pt=96 picture-id-mode=2
      ! application/x-rtp,media=video,encoding-name=VP8,payload=96 ! web.
    audiotestsrc is-live=true freq=440 ! audioconvert ! audioresample ! queue ! opusenc ! rtpopuspay pt=111
      ! application/x-rtp,media=audio,encoding-name=OPUS,payload=111 ! web."""
)
web = pipeline.get_by_name("web")


def offered(promise, *_):
    reply = promise.get_reply()
    offer = reply.get_value("offer")
    text = offer.sdp.as_text()
    web.emit("set-local-description", offer, Gst.Promise.new())
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
    with urllib.request.urlopen(urllib.request.Request(url, text.encode(), headers)) as answer:
        print(answer.status, answer.headers["Location"], flush=True)
        _, sdp = GstSdp.SDPMessage.new_from_text(answer.read().decode())
    kind = GstWebRTC.WebRTCSDPType.ANSWER
    web.emit("set-remote-description", GstWebRTC.WebRTCSessionDescription.new(kind, sdp), Gst.Promise.new())


def state(*_):
    print(web.get_property("connection-state").value_nick, flush=True)


web.connect("on-negotiation-needed", lambda _: web.emit("create-offer", None, Gst.Promise.new_with_change_func(offered)))
web.connect("notify::connection-state", state)
pipeline.set_state(Gst.State.PLAYING)
loop = GLib.MainLoop()
GLib.timeout_add_seconds(int(seconds), loop.quit)
loop.run()
pipeline.set_state(Gst.State.NULL)
