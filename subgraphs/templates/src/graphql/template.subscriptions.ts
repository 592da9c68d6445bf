import { LoomError } from '@loomgraph/core';
import { Arg, Directive, ID, Resolver, Subscription } from 'type-graphql';
import { Template } from './template.type.js';

const TOPIC = `@subscriptionTopic(topic: "templates-events", types: ["templates.changed", "templates.rated", "templates.used"], key: ["id: templateId"], filter: ["ids: templateId"])`;

/** Fields whose events the gateway takes from the bus: it asks this subgraph for the templates they name. */
@Resolver()
export class TemplateSubscriptions {
  @Directive(TOPIC)
  @Subscription(() => Template, {
    nullable: true,
    subscribe: () => {
      throw new LoomError('CAPABILITY_NOT_CONFIGURED', 'Subscribe at the gateway: it has the events of templates, this server has none.');
    },
    description:
      'A template after each change, rating and use of it. Once for each at least; of changes that come together perhaps the last one only, twice. A template that is gone brings nothing.',
  })
  templateChanged(
    @Arg('ids', () => [ID], { nullable: true, description: 'Of these only; all where it is left out.' }) _ids?: readonly string[],
  ): Template | null {
    return null;
  }
}
