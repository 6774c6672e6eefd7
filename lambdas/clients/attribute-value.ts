/** A value as DynamoDB's API writes it; only the types that our tables have. */
export type AttributeValue = { readonly S: string } | { readonly N: string } | { readonly BOOL: boolean };
export type Item = { readonly [name: string]: AttributeValue };

/** A value for the API; undefined stays out of an item. */
export function toAttribute(value: string | number | boolean): AttributeValue {
  if (typeof value === 'string') return { S: value };
  return typeof value === 'number' ? { N: String(value) } : { BOOL: value };
}

/** An item of plain values. */
export function toItem(values: { readonly [name: string]: string | number | boolean | undefined }): Item {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, toAttribute(value)]])));
}

/** A text of an item. */
export function textOf(item: Item | undefined, name: string): string | undefined {
  const value = item?.[name];
  return value !== undefined && 'S' in value ? value.S : undefined;
}

/** A number of an item. */
export function numberOf(item: Item | undefined, name: string): number | undefined {
  const value = item?.[name];
  return value !== undefined && 'N' in value ? Number(value.N) : undefined;
}

/** Whether a flag of an item is set. */
export function flagOf(item: Item | undefined, name: string): boolean {
  const value = item?.[name];
  return value !== undefined && 'BOOL' in value && value.BOOL;
}
