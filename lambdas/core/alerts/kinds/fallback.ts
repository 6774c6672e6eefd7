import type { Alert, Detail } from '../alert.ts';
import { type JsonObject, type ReadInput, reportedAt, textAt } from '../incoming.ts';
import { severityOf } from '../labels.ts';
import { noticeOf } from './notice.ts';

/** How deep and how many values of an unknown JSON message are shown. */
const MAX_DEPTH = 3;
const MAX_VALUES = 20;

/** Any other message: its text, or the first values of its JSON. Never fails, and never lets the publisher choose more than words. */
export function readAnything(input: ReadInput): Alert[] {
  const { json, subject } = input;
  const firstLine = input.text.trim().split(/\r?\n/, 1)[0] ?? '';
  const name = textAt(json, 'detail-type') ?? subject ?? (json === undefined ? '' : (textAt(json, 'source') ?? textAt(json, 'type') ?? ''));
  const told = [textAt(json, 'source'), textAt(json, 'type')].filter((part) => part !== undefined).join(': ');
  const title = subject ?? textAt(json, 'title') ?? textAt(json, 'detail-type') ?? ((json === undefined ? firstLine : told) || 'A message');
  const details: Detail[] = [];
  if (json !== undefined) flatten(json, '', 0, details);
  const at = reportedAt(textAt(json, 'time'), input);
  return [
    {
      ...noticeOf(
        {
          kind: json === undefined ? 'text' : 'json',
          id: input.id,
          title,
          severity: severityOf(textAt(json, 'severity')) ?? 'info',
          alertname: name === '' ? 'message' : name,
          state: 'once',
          at,
          account: textAt(json, 'account'),
          region: textAt(json, 'region'),
          ...(json === undefined ? { reason: input.text.trim() } : {}),
        },
        input,
      ),
      details,
    },
  ];
}

function flatten(value: JsonObject | readonly unknown[], path: string, depth: number, into: Detail[]): void {
  for (const [name, member] of Object.entries(value)) {
    if (into.length >= MAX_VALUES) return;
    const at = path === '' ? name : `${path}.${name}`;
    if (member !== null && typeof member === 'object') {
      if (depth + 1 < MAX_DEPTH) flatten(member as JsonObject, at, depth + 1, into);
      else into.push({ name: at.slice(0, 200), value: Array.isArray(member) ? `list of ${member.length}` : 'object' });
    } else {
      into.push({ name: at.slice(0, 200), value: String(member).slice(0, 1000) });
    }
  }
}
