import type { PeriodUnit } from './period.ts';

/** Every node knows where it begins in the text (offset in UTF-16 units). */
interface At {
  readonly at: number;
}

export type BinaryOperator = 'or' | 'and' | '=' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%' | '^';

/** A field by its flattened name: `objectRef.resource`, `items.0.name`, `annotations.authorization.k8s.io/decision`. */
export interface FieldNode extends At {
  readonly kind: 'field';
  readonly name: string;
}
export interface StringNode extends At {
  readonly kind: 'string';
  readonly value: string;
}
export interface RegexLiteral extends At {
  readonly kind: 'regex';
  readonly source: string;
}
export interface PeriodNode extends At {
  readonly kind: 'period';
  readonly count: number;
  readonly unit: PeriodUnit;
}
export interface CallNode extends At {
  readonly kind: 'call';
  /** As the documentation writes it (`isIpv4InSubnet`), or as found when no such function is known. */
  readonly name: string;
  readonly args: readonly Expression[];
  /** `count(*)`. */
  readonly star: boolean;
}

export type Expression =
  | FieldNode
  | StringNode
  | PeriodNode
  | CallNode
  | (At & { readonly kind: 'number'; readonly value: number })
  | (At & { readonly kind: 'boolean'; readonly value: boolean })
  | (At & { readonly kind: 'access'; readonly target: Expression; readonly path: string })
  | (At & { readonly kind: 'unary'; readonly operator: '-' | 'not'; readonly operand: Expression })
  | (At & { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression })
  | (At & { readonly kind: 'like'; readonly left: Expression; readonly pattern: StringNode | RegexLiteral; readonly negated: boolean })
  | (At & { readonly kind: 'in'; readonly left: Expression; readonly items: readonly Expression[]; readonly negated: boolean })
  | (At & { readonly kind: 'in-query'; readonly left: Expression; readonly text: string; readonly negated: boolean });

/** An expression with the name its result gets. */
export interface Item extends At {
  readonly expression: Expression;
  readonly alias?: string;
}

/** A name that a command gives to a new field. */
export interface Alias extends At {
  readonly name: string;
}

export interface SortKey extends At {
  readonly expression: Expression;
  /** Undefined when the query does not say: ascending. */
  readonly direction?: 'asc' | 'desc';
}

export type Command = At &
  (
    | { readonly kind: 'fields' | 'display'; readonly items: readonly Item[] }
    | { readonly kind: 'filter'; readonly word: 'filter' | 'where' | 'filterIndex'; readonly condition: Expression }
    | { readonly kind: 'parse-glob'; readonly field?: FieldNode; readonly pattern: StringNode; readonly aliases: readonly Alias[] }
    | {
        readonly kind: 'parse-regex';
        readonly field?: FieldNode;
        readonly pattern: RegexLiteral;
        readonly aliases: readonly Alias[];
        readonly multi: boolean;
      }
    | { readonly kind: 'parse-logfmt'; readonly field?: FieldNode; readonly aliases: readonly Alias[] }
    | { readonly kind: 'parse-csv'; readonly field?: FieldNode; readonly aliases: readonly Alias[] }
    | { readonly kind: 'json'; readonly field?: FieldNode; readonly path: StringNode; readonly aliases: readonly Alias[] }
    | { readonly kind: 'stats'; readonly items: readonly Item[]; readonly by: readonly Item[]; readonly offset?: PeriodNode }
    | { readonly kind: 'sort'; readonly keys: readonly SortKey[] }
    | { readonly kind: 'limit'; readonly count: number; readonly any: boolean }
    | { readonly kind: 'dedup'; readonly fields: readonly FieldNode[] }
    | { readonly kind: 'unnest'; readonly field: FieldNode; readonly into: Alias }
    | { readonly kind: 'expand'; readonly field: FieldNode }
    | {
        readonly kind: 'addtotals';
        readonly fieldname: string;
        readonly row: boolean;
        readonly col: boolean;
        readonly fields: readonly FieldNode[];
      }
    | { readonly kind: 'filldown'; readonly patterns: readonly Alias[] }
    | { readonly kind: 'fillmissing'; readonly fills: readonly { readonly value: Expression; readonly field: FieldNode }[] }
    | { readonly kind: 'accum'; readonly field: FieldNode; readonly alias?: Alias }
    | { readonly kind: 'autoregress'; readonly field: FieldNode; readonly alias?: Alias; readonly from: number; readonly to: number }
    | { readonly kind: 'countFrequent'; readonly fields: readonly FieldNode[] }
    /** A command that only CloudWatch can run (`pattern`, `join`, `lookup` …): kept as text. */
    | { readonly kind: 'account'; readonly name: string; readonly text: string }
  );

/** A parsed query: its commands in order. */
export interface Query {
  readonly commands: readonly Command[];
}
