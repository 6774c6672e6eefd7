/** Cuts a text to so many code points; what was cut is marked by an ellipsis, which counts. Never leaves half of a surrogate pair. */
export function cutText(text: string, maxPoints: number): string {
  // A text of so many UTF-16 units has at most as many code points.
  if (text.length <= maxPoints) return text;
  let at = 0;
  let points = 0;
  let keep = 0;
  while (at < text.length) {
    if (points === maxPoints - 1) keep = at;
    if (points === maxPoints) return `${text.slice(0, keep)}…`;
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    points++;
  }
  return text;
}

/** Number of code points. */
export function countPoints(text: string): number {
  let points = 0;
  for (let at = 0; at < text.length; points++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return points;
}
