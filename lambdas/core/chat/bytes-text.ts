const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** Bytes as they are paid for: a GB is 10⁹. */
export function bytesText(bytes: number): string {
  let scaled = bytes;
  let step = 0;
  while (scaled >= 1000 && step < UNITS.length - 1) {
    scaled /= 1000;
    step++;
  }
  return `${Number(scaled.toPrecision(3))} ${UNITS[step]}`;
}
