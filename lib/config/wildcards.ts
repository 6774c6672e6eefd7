/**
 * A shortest text that both wildcard expressions match (`*` stands for any text, the empty one too), or undefined where
 * there is none. A breadth-first walk over pairs of positions, so the answer is exact and the time is their product.
 */
export function commonText(left: string, right: string): string | undefined {
  const a = [...left.replaceAll(/\*+/g, '*')];
  const b = [...right.replaceAll(/\*+/g, '*')];
  interface State {
    readonly i: number;
    readonly j: number;
    readonly text: string;
  }
  const width = b.length + 1;
  const seen = new Set<number>([0]);
  // Steps that add no letter go to the front's own layer, so texts come out by length.
  let layer: State[] = [{ i: 0, j: 0, text: '' }];
  while (layer.length > 0) {
    const next: State[] = [];
    for (let k = 0; k < layer.length; k++) {
      const state = layer[k];
      if (state === undefined) break;
      const { i, j, text } = state;
      if (i === a.length && j === b.length) return text;
      const push = (list: State[], to: State): void => {
        const key = to.i * width + to.j;
        if (seen.has(key)) return;
        seen.add(key);
        list.push(to);
      };
      const x = a[i];
      const y = b[j];
      if (x === '*') push(layer, { i: i + 1, j, text });
      if (y === '*') push(layer, { i, j: j + 1, text });
      if (x === '*' && y !== undefined && y !== '*') push(next, { i, j: j + 1, text: text + y });
      else if (y === '*' && x !== undefined && x !== '*') push(next, { i: i + 1, j, text: text + x });
      else if (x !== undefined && x === y && x !== '*') push(next, { i: i + 1, j: j + 1, text: text + x });
    }
    layer = next;
  }
  return undefined;
}
