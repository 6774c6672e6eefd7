/** Values of `--param name=value`, or what is wrong with one. */
export function readParameters(pairs: readonly string[] = []): { [name: string]: string } | string {
  const parameters: { [name: string]: string } = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) return `"--param ${pair}" has no value; write --param name=value`;
    parameters[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return parameters;
}

/** The price that an option names, or what is wrong with it; undefined where it is not given. */
export function readPrice(option: string, text: string | undefined): number | string | undefined {
  if (text === undefined) return undefined;
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : `"${option} ${text}" is no number`;
}
