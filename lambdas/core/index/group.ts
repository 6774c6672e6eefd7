import { type ContainerRecord, openContainerRecord } from '../parse/container-record.ts';
import { type JoinState, joinLine, newJoinState } from '../parse/join.ts';
import type { CompiledSource, Reader } from '../rules/compile.ts';
import { contextText } from './container-context.ts';
import type { SourceBatch } from './types.ts';

/** Events of one record, in the order of their first ones. */
export interface Grouped {
  /** Position of the first event. */
  event: number;
  /** The whole text, lines joined by line breaks. */
  text: string;
  joined: number;
  /** Positions of the joined events where they do not simply follow the first. */
  joinedEvents: number[] | undefined;
  isHeadless: boolean;
  reader: Reader;
  /** The collector's record of the first event. */
  record: ContainerRecord | undefined;
  /** `,"stream":…,"kubernetes":{…},"application":{…}` of the document. */
  context: string;
}

/** Joins the lines of a control-plane stream. */
export function groupLines(batch: SourceBatch, reader: Reader): Grouped[] {
  const groups: Grouped[] = [];
  const state = newJoinState();
  for (let event = 0; event < batch.events.length; event++) {
    const message = (batch.events[event] as { readonly message: string }).message;
    add(groups, groups.at(-1), joinLine(reader.join, state, message), { event, text: message, reader, record: undefined, context: '' });
  }
  return groups;
}

interface Stream {
  readonly state: JoinState;
  last: Grouped | undefined;
}

/** Opens the records of our collector and joins the lines of each container's streams, which may be interleaved; other events are lines of the stream itself. */
export function groupContainers(batch: SourceBatch, source: CompiledSource): Grouped[] {
  const groups: Grouped[] = [];
  const streams = new Map<string, Stream>();
  for (let event = 0; event < batch.events.length; event++) {
    const message = (batch.events[event] as { readonly message: string }).message;
    const record = openContainerRecord(message);
    const containerKey = record === undefined ? '' : (record.containerId ?? `${record.namespace}/${record.pod}/${record.container}`);
    const reader = record === undefined ? source.reader : source.readerOf(containerKey, record);
    const streamKey = record === undefined ? '' : `${containerKey} ${record.stream}`;
    let stream = streams.get(streamKey);
    if (stream === undefined) {
      stream = { state: newJoinState(), last: undefined };
      streams.set(streamKey, stream);
    }
    const text = withoutLineEnd(record === undefined ? message : record.log);
    const context = contextText(record, reader);
    stream.last = add(groups, stream.last, joinLine(reader.join, stream.state, text), { event, text, reader, record, context });
  }
  return groups;
}

type Line = Pick<Grouped, 'event' | 'text' | 'reader' | 'record' | 'context'>;

function add(groups: Grouped[], last: Grouped | undefined, verdict: 'start' | 'continuation' | 'headless', line: Line): Grouped {
  if (verdict === 'continuation' && last !== undefined) {
    last.text += `\n${line.text}`;
    last.joined++;
    if (last.joinedEvents !== undefined) last.joinedEvents.push(line.event);
    else if (line.event !== last.event + last.joined) last.joinedEvents = [...positions(last), line.event];
    return last;
  }
  const group: Grouped = { ...line, joined: 0, joinedEvents: undefined, isHeadless: verdict !== 'start' };
  groups.push(group);
  return group;
}

/** Positions of the events joined so far, which followed the first one directly; the one being joined is counted already. */
function positions(group: Grouped): number[] {
  return Array.from({ length: group.joined - 1 }, (_, step) => group.event + 1 + step);
}

function withoutLineEnd(text: string): string {
  if (text.charCodeAt(text.length - 1) !== 10) return text;
  return text.slice(0, text.charCodeAt(text.length - 2) === 13 ? -2 : -1);
}
