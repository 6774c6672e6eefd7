import type { Link, Severity } from '../alerts/alert.ts';

/** All words of ours in a message. */
export interface Texts {
  readonly states: {
    readonly firing: string;
    readonly resolved: string;
    readonly blind: string;
    readonly event: string;
    readonly storm: string;
    readonly waiting: string;
    readonly decided: string;
  };
  readonly approval: {
    readonly approve: string;
    readonly reject: string;
    readonly ask: (what: string) => string;
    readonly cancel: string;
  };
  readonly severities: { readonly [severity in Severity]: string };
  readonly units: { readonly day: string; readonly hour: string; readonly minute: string; readonly second: string };
  readonly fields: {
    readonly since: string;
    readonly firingFor: string;
    readonly from: string;
    readonly at: string;
    readonly value: string;
    readonly condition: string;
    readonly measured: string;
    readonly owner: string;
    readonly lastLines: string;
    readonly sent: string;
  };
  readonly labels: { readonly [label: string]: string };
  /** Names of details, where another word than ours is wanted. */
  readonly details: { readonly [name: string]: string };
  readonly buttons: { readonly [kind in Link['kind']]: string };
  readonly silence: (duration: string) => string;
  readonly outside: string;
  readonly forDuration: (duration: string) => string;
  readonly afterDuration: (duration: string) => string;
  readonly ofCount: (some: number, all: number) => string;
  readonly more: (count: number) => string;
  readonly alerts: (count: number) => string;
  readonly newAlerts: (count: number) => string;
  readonly resolvedAlerts: (count: number) => string;
  readonly storm: (count: number) => string;
  readonly stillFiring: (count: number, duration: string) => string;
  readonly stillWaiting: (duration: string) => string;
  readonly muted: (count: number) => string;
  readonly allResolved: string;
  readonly blindNote: string;
  readonly noLines: string;
}
