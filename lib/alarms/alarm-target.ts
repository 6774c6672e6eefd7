/** One thing that an alarm is made for. */
export interface AlarmTarget {
  /** Behind the alarm's name where there may be several; empty for a whole cluster or account. */
  readonly suffix: string;
  /** What placeholders stand for. */
  readonly values: { readonly [name: string]: string };
}
