import type { Path } from '../problems.ts';
import { compilesInTime } from '../regex-compile.ts';
import { proveLinear } from '../regex-proof.ts';
import type { CheckContext, CheckReport } from './context.ts';

/** A user's expression, with the flags that the functions run it with. */
export interface UserRegex {
  readonly source: string;
  readonly flags: string;
  readonly path: Path;
}

/** Compiles a user's expression and proves that no line makes it run away. Undefined where it does not compile. */
export function checkRegex({ source, flags, path }: UserRegex, { provesRegexes }: CheckContext, report: CheckReport): RegExp | undefined {
  let compiled: RegExp;
  try {
    compiled = new RegExp(source, flags);
  } catch (error) {
    const reason = (error as Error).message.replace(/^Invalid regular expression: /, '').replace(`/${source}/${flags}: `, '');
    report.problem({ path, what: `not an ECMAScript regular expression: ${reason}${otherDialect(source)}`, value: source });
    return undefined;
  }
  if (provesRegexes && !compilesInTime(source, flags)) {
    const what =
      'the engine does not get ready with this expression within seconds: it has many optional parts in a row; write it with fewer ?';
    report.problem({ path, what, limit: 'ready at once', value: source });
    return undefined;
  }
  if (provesRegexes) reportProof({ source, flags, path }, report);
  return compiled;
}

/** What people bring along from other languages. */
function otherDialect(source: string): string {
  if (/\(\?P[<=>]/.test(source)) return '; named groups are (?<name>…) here, without the P';
  if (/^\(\?[a-z]+\)/.test(source)) return '; flags like (?i) do not exist here: write [Aa] or the words in both cases';
  if (/\\[AzZ]/.test(source)) return '; ^ and $ are the ends of the text here';
  return '';
}

function reportProof({ source, flags, path }: UserRegex, report: CheckReport): void {
  const proof = proveLinear(source, flags);
  const limit = 'linear time on every line';
  if (proof.kind === 'runsAway') {
    const what = `a hostile line makes this expression run away: ${proof.complexity} on ${proof.attack}; let no two neighbouring repeats match the same characters ([^,]* instead of .*), and anchor it with ^`;
    report.problem({ path, what, limit, value: source });
  } else if (proof.kind === 'unknown') {
    report.problem({
      path,
      what: `whether this expression can run away could not be decided (${proof.reason}); make it simpler`,
      limit,
      value: source,
    });
  } else if (proof.kind === 'unproven') {
    const what = 'no line was found that makes this expression run away, but with look-behind or back references there is no proof';
    report.warning({ path, what, limit, value: source });
  }
}

/** Names of the groups of an expression that compiles, in order. */
export function groupNames(source: string): string[] {
  // An alternative with nothing always matches, so the result carries every group's name.
  return Object.keys(new RegExp(`${source}|`).exec('')?.groups ?? {});
}
