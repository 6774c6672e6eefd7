import { type Compiled, type Environment, textOf } from './compiled.ts';
import type { FunctionMaker } from './functions-text.ts';
import { isPrivate, isReserved, parseIp, parseIpv4, parseIpv6, parseSubnet } from './ip-address.ts';
import { parseStructure, structureText } from './json-path.ts';
import { isStructure, type Structure, toNumber, toText, toTruth, type Value } from './value.ts';

/** Makes a test of one text; a missing one is false, as a filter needs it. */
function test(check: (text: string) => boolean): FunctionMaker {
  return ([argument]) => {
    const read = textOf(argument as Compiled);
    return (slots) => {
      const text = read(slots);
      return text === undefined ? false : check(text);
    };
  };
}

function subnetTest(version: 4 | 6 | undefined): FunctionMaker {
  return ([field, block]) => {
    const read = textOf(field as Compiled);
    const readBlock = textOf(block as Compiled);
    let source: string | undefined;
    let subnet: ReturnType<typeof parseSubnet>;
    return (slots) => {
      const text = read(slots);
      const wanted = readBlock(slots);
      if (text === undefined || wanted === undefined) return false;
      if (wanted !== source) {
        source = wanted;
        subnet = parseSubnet(wanted);
      }
      if (!subnet || (version !== undefined && subnet.version !== version)) return false;
      const address = parseIp(text);
      return address !== undefined && address.version === subnet.version && subnet.has(address.bits);
    };
  };
}

const IP_FUNCTIONS: { readonly [name: string]: FunctionMaker } = {
  isvalidip: test((text) => parseIp(text) !== undefined),
  isvalidipv4: test((text) => parseIpv4(text) !== undefined),
  isvalidipv6: test((text) => parseIpv6(text) !== undefined),
  isipinsubnet: subnetTest(undefined),
  isipv4insubnet: subnetTest(4),
  isipv6insubnet: subnetTest(6),
  isprivateip: test((text) => {
    const address = parseIp(text);
    return address !== undefined && isPrivate(address);
  }),
  isreservedip: test((text) => {
    const address = parseIp(text);
    return address !== undefined && isReserved(address);
  }),
  ispublicip: test((text) => {
    const address = parseIp(text);
    return address !== undefined && !isPrivate(address) && !isReserved(address);
  }),
  ipv4tonumber: ([argument]) => {
    const read = textOf(argument as Compiled);
    return (slots) => {
      const bits = parseIpv4(read(slots) ?? '');
      return bits === undefined ? undefined : Number(bits);
    };
  },
};

/** A list that is one already, or the text of one. */
function listOf(value: Value): readonly unknown[] | undefined {
  const structure = typeof value === 'string' ? parseStructure(value) : isStructure(value) ? value : undefined;
  return Array.isArray(structure) ? structure : undefined;
}

const JSON_FUNCTIONS: { readonly [name: string]: FunctionMaker } = {
  jsonparse: ([argument]) => {
    const { run } = argument as Compiled;
    return (slots) => {
      const value = run(slots);
      if (isStructure(value)) return value;
      return typeof value === 'string' ? parseStructure(value) : undefined;
    };
  },
  jsonstringify: ([argument]) => {
    const { run } = argument as Compiled;
    return (slots) => {
      const value = run(slots);
      return isStructure(value) ? structureText(value) : undefined;
    };
  },
  jsonarraysize: ([argument]) => {
    const { run } = argument as Compiled;
    return (slots) => listOf(run(slots))?.length;
  },
  jsonarraycontains: ([argument, wanted]) => {
    const { run } = argument as Compiled;
    const read = textOf(wanted as Compiled);
    return (slots) => {
      const text = read(slots);
      return (
        text !== undefined &&
        (listOf(run(slots)) ?? []).some((item) => (typeof item === 'boolean' ? String(item) : toText(item as Value)) === text)
      );
    };
  },
};

const GENERAL_FUNCTIONS: { readonly [name: string]: FunctionMaker } = {
  ispresent:
    ([argument]) =>
    (slots) =>
      (argument as Compiled).run(slots) !== undefined,
  isempty:
    ([argument]) =>
    (slots) => {
      const value = (argument as Compiled).run(slots);
      return value === undefined || value === '';
    },
  isblank:
    ([argument]) =>
    (slots) => {
      const value = (argument as Compiled).run(slots);
      return value === undefined || (typeof value === 'string' && value.trim() === '');
    },
  coalesce: (args) => (slots) => {
    for (const argument of args) {
      const value = argument.run(slots);
      if (value !== undefined) return value;
    }
    return undefined;
  },
  if:
    ([condition, yes, no]) =>
    (slots) =>
      toTruth((condition as Compiled).run(slots)) === true ? (yes as Compiled).run(slots) : (no as Compiled).run(slots),
  case: (args) => (slots) => {
    for (let at = 0; at + 1 < args.length; at += 2)
      if (toTruth((args[at] as Compiled).run(slots)) === true) return (args[at + 1] as Compiled).run(slots);
    return args.length % 2 === 1 ? (args[args.length - 1] as Compiled).run(slots) : undefined;
  },
  isnumeric:
    ([argument]) =>
    (slots) => {
      const value = (argument as Compiled).run(slots);
      return typeof value !== 'boolean' && toNumber(value) !== undefined;
    },
  // Files have no masks.
  unmask: ([argument]) => (argument as Compiled).run,
};

/** IP, JSON and general functions by lower-case name. */
export const OTHER_FUNCTIONS: { readonly [name: string]: FunctionMaker } = { ...IP_FUNCTIONS, ...JSON_FUNCTIONS, ...GENERAL_FUNCTIONS };

/** Hash functions, whose computing is passed in. */
export function hashFunction(name: 'md5' | 'sha256', env: Environment): FunctionMaker | undefined {
  const hash = env[name];
  if (!hash) return undefined;
  return ([argument]) => {
    const read = textOf(argument as Compiled);
    return (slots) => {
      const text = read(slots);
      return text === undefined ? undefined : hash(text);
    };
  };
}

/** Whether a value can be walked into by a path. */
export function asStructure(value: Value): Structure | undefined {
  return isStructure(value) ? value : undefined;
}
