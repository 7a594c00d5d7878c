// Where pictures stand on the stage. Numbers only: a box in, rectangles out; a picture is never cut, and stands in the same
// place however long a name is.

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const ASPECT = 16 / 9;

/** The largest 16:9 picture that fits, against the top edge, centred. */
export function fit(box: Box): Box {
  const width = Math.min(box.width, box.height * ASPECT);
  const height = width / ASPECT;
  return { left: box.left + (box.width - width) / 2, top: box.top, width, height };
}

/** `count` pictures of one size in rows, as large as the box allows, in the middle of it. */
export function grid(count: number, box: Box, gap: number): Box[] {
  if (count <= 0) return [];
  let best = { columns: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const width = Math.min(
      (box.width - gap * (columns - 1)) / columns,
      ((box.height - gap * (rows - 1)) / rows) * ASPECT,
    );
    if (width > best.width) best = { columns, width, height: width / ASPECT };
  }
  const { columns, width, height } = best;
  const rows = Math.ceil(count / columns);
  const above = Math.max(0, box.height - rows * height - (rows - 1) * gap) / 2;
  return Array.from({ length: count }, (_, at) => {
    const row = Math.floor(at / columns);
    const inRow = Math.min(columns, count - row * columns);
    const used = inRow * width + (inRow - 1) * gap;
    return {
      left: box.left + (box.width - used) / 2 + (at % columns) * (width + gap),
      top: box.top + above + row * (height + gap),
      width,
      height,
    };
  });
}

/** One large picture and, when there is another, a small one in the lower right corner beside the name. */
export function withInset(count: number, box: Box, plate: number, gap: number): Box[] {
  const main = fit(box);
  if (count <= 0) return [];
  if (count === 1) return [main];
  // The free room under the large picture; on a wide screen the small one covers a corner of the large one instead.
  const free = box.height - main.height - gap;
  const height = Math.max(Math.min(free, box.height * 0.3), Math.min(plate, box.height * 0.2));
  const width = Math.min(height * ASPECT, box.width * 0.34);
  const small = { width, height: width / ASPECT };
  return [main, { left: box.left + box.width - width, top: box.top + box.height - small.height, ...small }];
}
