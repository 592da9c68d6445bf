import type { DocumentNode, FieldNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { DataKeys } from '../planning/data-keys.js';
import type { NormalForm } from '../planning/normal-form.js';
import type { PlanNode } from '../planning/plan.js';
import { requiredKeys } from '../planning/required-keys.js';
import type { SafeVariables } from '../planning/safe-variables.js';
import type { ChosenOverrides } from '../planning/override-choice.js';
import type { CutPlace } from '../authorization/cut-operation.js';
import { unauthorizedErrors, type OperationAccess } from '../authorization/operation-access.js';
import { completeAnswer } from './answer/complete-answer.js';
import { compileProjection, type Projection } from './answer/compile-projection.js';
import { createIntrospection, type IntrospectionTexts } from './answer/introspection.js';
import { placeErrors } from './answer/place-errors.js';
import { fragmentsOf } from './answer/selected-fields.js';
import { IRREGULAR_DATA } from './answer/irregular.js';
import type { ExecutablePlan } from './compile-plan.js';
import type { OperationRun } from './operation-run.js';

/** The plan of the operation for one choice of `@override` labels; a promise where it must be made. Undefined where no subgraph is needed. */
export type FindPlan = (overrides: ChosenOverrides) => ExecutablePlan | undefined | Promise<ExecutablePlan | undefined>;

/** What of an operation its caller is not answered. */
export interface Unauthorized {
  readonly cut: ReadonlySet<FieldNode>;
  readonly places: readonly CutPlace[];
}

export interface CompiledParts {
  readonly findPlan: FindPlan;
  readonly unauthorized?: Unauthorized | undefined;
}

let compiled = 0;

/**
 * One operation of one supergraph version, ready to run any number of times: its plan as closures, its answer as generated functions.
 * What is not needed by every request is made when the first one needs it.
 */
export class CompiledOperation {
  readonly operation: OperationDefinitionNode;
  readonly document: DocumentNode;
  readonly name: string | undefined;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** Apart from every other one's: a short key for what is kept while it runs. */
  readonly number = ++compiled;
  /** Normal form; the key of caches. */
  readonly text: string;
  readonly hasVariables: boolean;
  /** Whether it can be answered in parts, see `defer/`. */
  readonly isDeferrable: boolean;
  /** The operation with nothing but its root's `__schema` and `__type`. */
  readonly introspection: DocumentNode | undefined;
  /** Whether it reads the schema, anywhere. */
  readonly isIntrospective: boolean;
  readonly findPlan: FindPlan;
  /** Undefined where the caller may have all of it. */
  readonly unauthorized: Unauthorized | undefined;
  /** Decides in which form a caller is answered; undefined where the operation asks nothing of callers. */
  access: OperationAccess<CompiledOperation> | undefined;
  /** Generated code writes introspection at the root only. */
  readonly #canProject: boolean;
  readonly #schema: GraphQLSchema;
  readonly #introspect: ReturnType<typeof createIntrospection>;
  #plain: Projection | undefined;
  #escaped: Projection | undefined;

  constructor(
    schema: GraphQLSchema,
    normal: NormalForm,
    readonly planned: DataKeys & SafeVariables,
    { findPlan, unauthorized }: CompiledParts,
  ) {
    this.findPlan = findPlan;
    this.unauthorized = unauthorized;
    this.operation = normal.operation;
    this.document = normal.document;
    this.text = normal.text;
    this.name = normal.operation.name?.value;
    this.kind = normal.operation.operation;
    this.hasVariables = (normal.operation.variableDefinitions?.length ?? 0) > 0;
    this.#canProject = !normal.hasNestedIntrospection;
    this.introspection = normal.introspection;
    this.isIntrospective = normal.introspection !== undefined || normal.hasNestedIntrospection;
    this.isDeferrable =
      normal.text.includes('@defer') && !normal.hasNestedIntrospection && this.kind !== 'subscription' && unauthorized === undefined;
    this.#schema = schema;
    this.#introspect = createIntrospection({ schema, document: normal.introspection });
  }

  /** Writes the answer of a run as JSON text; what breaks a promise of the schema is null with an error in the run. */
  write(run: OperationRun, options: WriteOptions): WrittenAnswer {
    const answer = this.#write(run, options);
    if (this.unauthorized !== undefined) run.errors.push(...unauthorizedErrors(this.unauthorized.places, run.variables));
    return answer;
  }

  #write(run: OperationRun, { rawVariables, plan }: WriteOptions): WrittenAnswer {
    if (run.errors.length > 0) this.#placeErrors(run, plan === undefined ? NO_KEYS : requiredKeys(plan));
    const introspection = this.#introspect(run.variables, rawVariables);
    const isAscii = run.isAscii && !run.hasEscapes && !introspection.isPresent;
    try {
      if (this.#canProject) return { data: this.#project(run, introspection.texts), isAscii };
    } catch (error) {
      if (error !== IRREGULAR_DATA) throw error;
    }
    const { document, name } = this;
    const { dataKeyOf } = this.planned;
    const { data, errors, explained } = run;
    const completed = completeAnswer({
      schema: this.#schema,
      document,
      operationName: name,
      rawVariables,
      data,
      errors,
      explained,
      dataKeyOf,
      cut: this.unauthorized?.cut,
    });
    run.errors.push(...completed.errors);
    return { data: completed.data, isAscii: false };
  }

  /** Clients know only what they asked for, and by response key. */
  #placeErrors(run: OperationRun, required: ReadonlySet<string>): void {
    const { responseKeyOf, dataKeyOf } = this.planned;
    const root = this.#schema.getRootType(this.operation.operation);
    if (!root) return; // such operations are refused
    const { variables, data } = run;
    const fragments = fragmentsOf(this.document);
    const scope = { schema: this.#schema, fragments, dataKeyOf, cut: this.unauthorized?.cut };
    const parts = [{ set: this.operation.selectionSet, condition: [] }];
    const { placed, dropped } = placeErrors(run.errors, { scope, root, parts, variables, data, required });
    const toResponse = (path: readonly (string | number)[]) => path.map((one) => (typeof one === 'string' ? responseKeyOf(one) : one));
    run.errors.splice(
      0,
      run.errors.length,
      ...placed.map((error) => (error.path === undefined ? error : { ...error, path: toResponse(error.path) })),
    );
    run.dropped.push(...dropped);
    run.explained.push(...dropped.flatMap(({ path }) => (path === undefined ? [] : [path])));
    run.explained.splice(0, run.explained.length, ...run.explained.map(toResponse));
  }

  #project(run: OperationRun, introspection: IntrospectionTexts): string {
    const { document, operation, planned, unauthorized } = this;
    const source = { schema: this.#schema, document, operation, dataKeyOf: planned.dataKeyOf, cut: unauthorized?.cut };
    const projection = run.hasEscapes
      ? (this.#escaped ??= compileProjection(source, { texts: 'escaped' }))
      : (this.#plain ??= compileProjection(source, { texts: 'plain' }));
    return projection(run.data, run.variables, introspection);
  }
}

const NO_KEYS: ReadonlySet<string> = new Set();

export interface WriteOptions {
  /** As the client sent them. */
  readonly rawVariables: Readonly<Record<string, unknown>> | undefined;
  /** What was run. */
  readonly plan: PlanNode | undefined;
}

export interface WrittenAnswer {
  /** JSON text. */
  readonly data: string;
  readonly isAscii: boolean;
}
