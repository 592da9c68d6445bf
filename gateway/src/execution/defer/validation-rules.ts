import { GraphQLError, Kind, type DirectiveNode, type SelectionSetNode, type ValidationRule, type ValueNode } from 'graphql';
import { fragmentsOf } from '../answer/selected-fields.js';

/**
 * What the incremental delivery draft of the GraphQL specification asks of `@defer`: labels are texts and unique in the document ("Defer
 * And Stream Directive Labels Are Unique"), it does not stand at the root of mutations and subscriptions ("… Are Used On Valid Root
 * Field"), and nowhere in a subscription where it cannot be turned off ("… Are Used On Valid Operations"). `@stream` is not in the schema,
 * so it is refused as an unknown directive.
 */
export const deferRules: readonly ValidationRule[] = [labelsRule, rootRule, subscriptionRule];

function labelsRule(context: Parameters<ValidationRule>[0]): ReturnType<ValidationRule> {
  const known = new Map<string, DirectiveNode>();
  return {
    Directive(directive) {
      const label = isDefer(directive) ? argument(directive, 'label') : undefined;
      if (label?.kind === Kind.VARIABLE) {
        context.reportError(new GraphQLError('The label of "@defer" must be a text, not a variable.', { nodes: label }));
      } else if (label?.kind === Kind.STRING) {
        const other = known.get(label.value);
        if (other === undefined) known.set(label.value, directive);
        else context.reportError(new GraphQLError(`The label "${label.value}" of "@defer" is used twice.`, { nodes: [other, directive] }));
      }
    },
  };
}

function rootRule(context: Parameters<ValidationRule>[0]): ReturnType<ValidationRule> {
  const schema = context.getSchema();
  return {
    Directive(directive) {
      const parent = isDefer(directive) ? context.getParentType() : undefined;
      if (!parent || (parent !== schema.getMutationType() && parent !== schema.getSubscriptionType())) return;
      const message = `"@defer" cannot be used on "${parent.name}": fields at the root of mutations and subscriptions are not deferred.`;
      context.reportError(new GraphQLError(message, { nodes: directive }));
    },
  };
}

function subscriptionRule(context: Parameters<ValidationRule>[0]): ReturnType<ValidationRule> {
  return {
    OperationDefinition({ operation, selectionSet }) {
      if (operation !== 'subscription') return;
      for (const directive of unconditionalDefers(selectionSet, context)) {
        const message = 'Subscriptions are not answered in parts: "@defer" needs an "if" that is false or a variable here.';
        context.reportError(new GraphQLError(message, { nodes: directive }));
      }
    },
  };
}

/** Those that nothing can turn off: neither an `if` of their own nor `@skip` or `@include` around them. */
function unconditionalDefers(root: SelectionSetNode, context: Parameters<ValidationRule>[0]): readonly DirectiveNode[] {
  const fragments = fragmentsOf(context.getDocument());
  const visited = new Set<string>();
  const found: DirectiveNode[] = [];
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      const { directives = [] } = selection;
      if (directives.some(canLeaveOut)) continue;
      found.push(...directives.filter((one) => isDefer(one) && !canBe(argument(one, 'if'), 'false')));
      if (selection.kind !== Kind.FRAGMENT_SPREAD) {
        if (selection.selectionSet) collect(selection.selectionSet);
        continue;
      }
      const fragment = fragments.get(selection.name.value);
      if (fragment === undefined || visited.has(selection.name.value)) continue;
      visited.add(selection.name.value);
      collect(fragment.selectionSet);
    }
  };
  collect(root);
  return found;
}

function canLeaveOut(directive: DirectiveNode): boolean {
  const { value: name } = directive.name;
  return (name === 'skip' && canBe(argument(directive, 'if'), 'true')) || (name === 'include' && canBe(argument(directive, 'if'), 'false'));
}

function canBe(value: ValueNode | undefined, wanted: 'true' | 'false'): boolean {
  return value?.kind === Kind.VARIABLE || (value?.kind === Kind.BOOLEAN && String(value.value) === wanted);
}

function isDefer({ name }: DirectiveNode): boolean {
  return name.value === 'defer';
}

function argument({ arguments: given }: DirectiveNode, name: string): ValueNode | undefined {
  return given?.find((one) => one.name.value === name)?.value;
}
