/** A rule of the user guide's filter pattern grammar, tried on our own events. */
export interface PatternCase {
  readonly rule: string;
  readonly pattern: string;
  readonly matches: readonly string[];
  readonly rejects: readonly string[];
}

const DENIED = '[ERROR 403] pods is forbidden for jane';
const MISSING = '[ERROR 404] node not found';
const SLOW = '[WARN] slow answer from etcd';
const OK = '[INFO] lease renewed';

export const TERM_CASES: readonly PatternCase[] = [
  { rule: 'the empty pattern matches everything', pattern: '', matches: [OK, '', '{}'], rejects: [] },
  { rule: 'blanks alone are the empty pattern', pattern: ' \t ', matches: [OK, ''], rejects: [] },
  { rule: 'a quoted blank matches everything', pattern: '" "', matches: [OK, '', 'nothing_blank'], rejects: [] },
  { rule: 'empty quotes match everything', pattern: '""', matches: [OK, ''], rejects: [] },
  { rule: 'a term is found in the text', pattern: 'ERROR', matches: [DENIED, MISSING], rejects: [SLOW, OK, ''] },
  { rule: 'a term is found inside a word', pattern: 'forbid', matches: [DENIED], rejects: [OK] },
  { rule: 'terms are case-sensitive', pattern: 'error', matches: ['an error'], rejects: [DENIED] },
  { rule: 'a number is a term', pattern: '404', matches: [MISSING, 'took 14047 ms'], rejects: [DENIED] },
  { rule: 'an underscore is part of a term', pattern: 'node_name', matches: ['node_name=a'], rejects: ['node name'] },
  { rule: 'several terms must all be there', pattern: 'ERROR node', matches: [MISSING], rejects: [DENIED, 'node'] },
  { rule: 'the order of terms does not matter', pattern: 'node ERROR', matches: [MISSING], rejects: [DENIED] },
  { rule: 'the same term twice is one', pattern: 'WARN WARN', matches: [SLOW], rejects: [OK] },
  { rule: 'runs of blanks separate terms', pattern: '  ERROR \t node  ', matches: [MISSING], rejects: [DENIED] },
  { rule: 'a phrase keeps its blanks', pattern: '"not found"', matches: [MISSING], rejects: ['found not', 'not  found'] },
  { rule: 'a phrase may hold signs', pattern: '"[ERROR 404]"', matches: [MISSING], rejects: [DENIED] },
  { rule: 'two phrases must both be there', pattern: '"[ERROR" "is forbidden"', matches: [DENIED], rejects: [MISSING] },
  { rule: 'a phrase and a term', pattern: 'jane "is forbidden"', matches: [DENIED], rejects: ['is forbidden for joe'] },
  {
    rule: 'an escaped quote inside a phrase',
    pattern: '"\\"level\\":\\"error\\""',
    matches: ['{"level":"error"}'],
    rejects: ['{"level":"info"}'],
  },
  { rule: 'an escaped backslash inside a phrase', pattern: '"C:\\\\logs"', matches: ['in C:\\logs'], rejects: ['in C:\\\\logs'] },
  { rule: 'any other backslash is itself', pattern: '"a\\nb"', matches: ['a\\nb'], rejects: ['a\nb'] },
  { rule: 'a phrase of other alphabets', pattern: '"ошибка"', matches: ['тут ошибка'], rejects: [DENIED] },
  { rule: 'minus excludes a term', pattern: 'ERROR -jane', matches: [MISSING], rejects: [DENIED, OK] },
  { rule: 'an exclusion alone keeps the rest', pattern: '-ERROR', matches: [SLOW, OK, ''], rejects: [DENIED, MISSING] },
  { rule: 'minus excludes a phrase', pattern: 'ERROR -"not found"', matches: [DENIED], rejects: [MISSING] },
  { rule: 'several exclusions', pattern: '-ERROR -WARN', matches: [OK], rejects: [DENIED, SLOW] },
  { rule: 'an exclusion may come first', pattern: '-jane ERROR', matches: [MISSING], rejects: [DENIED] },
  { rule: 'question marks: any of the terms', pattern: '?ERROR ?WARN', matches: [DENIED, MISSING, SLOW, 'ERROR WARN'], rejects: [OK] },
  { rule: 'one question mark alone', pattern: '?WARN', matches: [SLOW], rejects: [OK] },
  { rule: 'question marks before phrases', pattern: '?"not found" ?"is forbidden"', matches: [DENIED, MISSING], rejects: [SLOW] },
  { rule: 'question marks are ignored beside a term', pattern: '?ERROR ?WARN answer', matches: [SLOW, 'an answer'], rejects: [DENIED] },
  { rule: 'question marks are ignored beside an exclusion', pattern: '?ERROR -WARN', matches: [OK, DENIED], rejects: [SLOW] },
  { rule: 'braces inside a phrase are text', pattern: '"{ $.a = 1 }"', matches: ['{ $.a = 1 }'], rejects: ['{"a":1}'] },
];

export const REGEX_CASES: readonly PatternCase[] = [
  { rule: 'a regex is found anywhere', pattern: '%forbidden%', matches: [DENIED], rejects: [MISSING] },
  { rule: 'a regex is case-sensitive', pattern: '%Error%', matches: ['Error'], rejects: [DENIED] },
  { rule: 'alternatives', pattern: '%ERROR|WARN%', matches: [DENIED, SLOW], rejects: [OK] },
  {
    rule: 'alternatives with blanks and anchors',
    pattern: '%^etcd up|^etcd shutting down%',
    matches: ['etcd up', 'etcd shutting down now'],
    rejects: ['is etcd up'],
  },
  { rule: 'a caret anchors at the start', pattern: '%^[bc]at%', matches: ['bat 1', 'cat'], rejects: ['the cat'] },
  { rule: 'a caret is the start of the text, not of a line', pattern: '%^second%', matches: ['second'], rejects: ['first\nsecond'] },
  { rule: 'a dollar anchors at the end', pattern: '%[bc]at$%', matches: ['the cat'], rejects: ['cats', 'cat\nx'] },
  { rule: 'a question mark: none or one', pattern: '%colou?r%', matches: ['color', 'colour'], rejects: ['colouur'] },
  { rule: 'a star: none or more', pattern: '%po*d%', matches: ['pd', 'pod', 'poood'], rejects: ['pad'] },
  { rule: 'a plus: one or more', pattern: '%po+d%', matches: ['pod', 'pooood'], rejects: ['pd'] },
  { rule: 'a dot: any character', pattern: '%p.d%', matches: ['pod', 'p d', 'p.d', 'pöd', 'p\nd'], rejects: ['pd'] },
  { rule: 'an escaped dot is a dot', pattern: '%10\\.1\\.0\\.7%', matches: ['from 10.1.0.7'], rejects: ['10a1b0c7'] },
  { rule: 'an unescaped dot is any character', pattern: '%10.1.0.7%', matches: ['10a1b0c7'], rejects: ['1017'] },
  { rule: 'a set', pattern: '%[abc]1%', matches: ['a1', 'c1'], rejects: ['d1'] },
  { rule: 'a set of ranges', pattern: '%^[a-cx-z0-3]$%', matches: ['b', 'y', '2'], rejects: ['d', '4'] },
  { rule: 'a negated set', pattern: '%^[^0-9]+$%', matches: ['abc'], rejects: ['a1'] },
  { rule: 'a dash at the end of a set is itself', pattern: '%^[a-]+$%', matches: ['a-a'], rejects: ['b'] },
  { rule: 'operators inside a set are themselves', pattern: '%^[.*+?$|{}]+$%', matches: ['.*+?$|{}'], rejects: ['a'] },
  { rule: 'classes inside a set', pattern: '%^[\\d_]+$%', matches: ['1_2'], rejects: ['a'] },
  { rule: 'an escaped bracket in a set', pattern: '%^[\\[\\]]+$%', matches: ['[]'], rejects: ['a'] },
  { rule: 'escaped brackets', pattern: '%\\[.\\]%', matches: ['[a]', '[]]', '[ ]'], rejects: ['[ab]'] },
  { rule: 'exactly n', pattern: '%^a{3}$%', matches: ['aaa'], rejects: ['aa', 'aaaa'] },
  { rule: 'm to n', pattern: '%^a{3,5}$%', matches: ['aaa', 'aaaaa'], rejects: ['aa', 'aaaaaa'] },
  { rule: 'at least m', pattern: '%^a{2,}$%', matches: ['aa', 'aaaaaaa'], rejects: ['a'] },
  { rule: 'at most n', pattern: '%^a{,2}$%', matches: ['', 'a', 'aa'], rejects: ['aaa'] },
  { rule: 'a blank after the comma', pattern: '%^a{1, 2}$%', matches: ['aa'], rejects: ['aaa'] },
  { rule: 'digits', pattern: '%^\\d\\D$%', matches: ['1a', '1 '], rejects: ['11', 'a1'] },
  { rule: 'white space', pattern: '%^\\s\\S$%', matches: [' a', '\ta', '\na'], rejects: ['aa', '  '] },
  { rule: 'word characters', pattern: '%^\\w\\W$%', matches: ['_-', 'a ', '9.'], rejects: ['ab', '--'] },
  { rule: 'hexadecimal characters', pattern: '%pods\\x28s\\x29%', matches: ['pods(s)'], rejects: ['podss'] },
  { rule: 'a percent sign by its code', pattern: '%9\\d\\x25%', matches: ['95% full'], rejects: ['95 full'] },
  { rule: 'supported symbols', pattern: '%a:b_c#d=e@f/g;h,i-j%', matches: ['a:b_c#d=e@f/g;h,i-j'], rejects: ['a'] },
  { rule: 'blanks around a regex', pattern: '  %ERROR%  ', matches: [DENIED], rejects: [OK] },
  { rule: 'a branch may be empty', pattern: '%^a$|%', matches: ['a', 'b'], rejects: [] },
];
