import { Kind, type FieldNode, type ValueNode } from 'graphql';

/** What a field asks for, whatever its key: its name and its arguments, each value written in one way. */
export function fieldMeaning({ name, arguments: given }: FieldNode): string {
  if (!given || given.length === 0) return name.value;
  const values = given.map((argument) => `${argument.name.value}:${valueText(argument.value)}`);
  return `${name.value}(${values.toSorted().join(',')})`;
}

function valueText(value: ValueNode): string {
  switch (value.kind) {
    case Kind.VARIABLE:
      return `$${value.name.value}`;
    // A planner may write 1 for 1.0, which are one value wherever both are valid.
    case Kind.INT:
    case Kind.FLOAT:
      return String(Number(value.value));
    case Kind.STRING:
      return JSON.stringify(value.value);
    case Kind.NULL:
      return 'null';
    case Kind.LIST:
      return `[${value.values.map(valueText).join(',')}]`;
    case Kind.OBJECT:
      return `{${value.fields
        .map((field) => `${field.name.value}:${valueText(field.value)}`)
        .toSorted()
        .join(',')}}`;
    default:
      return String(value.value);
  }
}

/**
 * Whether a meaning is that of a field of another name. Arguments are not compared: planners may write an operation's otherwise, such as
 * a list for its one item.
 */
export function isOtherField(meaning: string, name: string): boolean {
  return meaning !== name && !meaning.startsWith(`${name}(`);
}
