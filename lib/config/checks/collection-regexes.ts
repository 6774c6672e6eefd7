import type { Path } from '../problems.ts';
import { dialectDifference } from '../regex-dialects.ts';
import type { CheckContext, CheckReport } from './context.ts';
import { checkRegex } from './regexes.ts';

/** An expression that runs on the node: it must be linear here, and mean the same in Fluent Bit's engine. Undefined where it does not compile. */
export function checkNodeRegex(
  { source, path }: { source: string; path: Path },
  context: CheckContext,
  report: CheckReport,
): RegExp | undefined {
  const compiled = checkRegex({ source, flags: '', path }, context, report);
  if (compiled === undefined) return undefined;
  const difference = dialectDifference(source);
  if (difference !== undefined) {
    report.problem({
      path,
      what: `Fluent Bit’s engine (Onigmo) reads this otherwise: ${difference}`,
      limit: 'what both engines know',
      value: source,
    });
  }
  return compiled;
}
