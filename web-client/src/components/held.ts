/* How far the eyes are: a page in the hand has larger text (PRODUCT 3.14); the tokens follow `data-distance` on <html>. */

/** Call in an effect of the page; the answer takes it back. */
export function heldInHand(): () => void {
  document.documentElement.dataset.distance = 'hand';
  return () => {
    delete document.documentElement.dataset.distance;
  };
}
