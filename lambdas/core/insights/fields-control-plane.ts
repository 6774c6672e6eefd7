import { type FieldInfo, field } from './fields.ts';

/** Fields of the etcd client's lines (zap JSON) inside of the api streams; all other lines there are klog, which is text: use `parse @message`. */
export const API: readonly FieldInfo[] = [
  field('level', 'text', 'debug, info, warn, error'),
  field('ts', 'text', 'time of the line, 2026-11-21T08:23:24.456468Z'),
  field('logger', 'text', 'etcd-client'),
  field('caller', 'text', 'source file and line'),
  field('msg', 'text', 'what happened, such as retrying of unary invoker failed'),
  field('target', 'text', 'etcd endpoint that was asked'),
  field('attempt', 'number', 'attempt, counted from 0'),
  field('error', 'text', 'gRPC error, such as … mvcc: database space exceeded'),
];

/** klog and logrus lines have no fields of their own: @message is all there is. */
export const TEXT: readonly FieldInfo[] = [];
