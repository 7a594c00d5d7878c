// The connections of a page, kept where a test can ask them: how large the pictures are that arrive.

/** Installed before the page loads; `policy` is added to the configuration of every connection. */
export const connectionsSource = (policy = '') => `{
  const Real = RTCPeerConnection;
  window.connections = [];
  window.RTCPeerConnection = class extends Real {
    constructor(configuration) {
      super({ ...configuration, ${policy} });
      window.connections.push(this);
    }
    setConfiguration(configuration) {
      super.setConfiguration({ ...configuration, ${policy} });
    }
  };
}`;

/** Lines of the pictures that arrived last over the connection that stands, by mid. */
export function heights(page) {
  return page.evaluate(async () => {
    const live = window.connections.filter((connection) => connection.connectionState === 'connected').at(-1);
    if (!live) return {};
    const pictures = [...(await live.getStats()).values()].filter(
      (entry) => entry.type === 'inbound-rtp' && entry.kind === 'video' && entry.framesDecoded > 0,
    );
    return Object.fromEntries(pictures.map((entry) => [entry.mid, entry.frameHeight]));
  });
}
