/*
 * Paper: what is printed stands beside the page, in `body`, and alone is on the paper (style/base.css). Give an element the class
 * `paper` and this attachment, put it there while `printed` runs, and nothing of the screen is printed with it.
 */
import { tick } from 'svelte';

/** Takes the element out of the dialog and of the page while it is there. */
export function onPaper(node: HTMLElement): () => void {
  document.body.append(node);
  document.documentElement.dataset.printing = '';
  return () => {
    delete document.documentElement.dataset.printing;
    node.remove();
  };
}

/** Prints what `show(true)` puts there. */
export async function printed(show: (shown: boolean) => void): Promise<void> {
  show(true);
  await tick();
  window.print();
  show(false);
}
