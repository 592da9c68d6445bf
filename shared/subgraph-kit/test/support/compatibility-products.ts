import { Arg, Directive, Field, FieldResolver, Float, ID, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { buildFederatedSchema, defineSubgraph, type Subgraph } from '@loomgraph/subgraph-kit';

/**
 * The `products` subgraph of Apollo's compatibility list, with the features it asks libraries for
 * (https://github.com/apollographql/apollo-federation-subgraph-compatibility), made as this project makes subgraphs.
 */

@ObjectType({ description: 'Who made a product; its record is in another subgraph.' })
@Directive('@federation__extends')
@Directive('@key(fields: "email")')
class User {
  @Field(() => ID, { description: 'Address.' })
  @Directive('@external')
  email!: string;

  @Field(() => String, { nullable: true, description: 'Moved here from users.' })
  @Directive('@override(from: "users")')
  name!: string | null;

  @Field(() => Int, { nullable: true, description: 'How many products they made.' })
  @Directive('@external')
  totalProductsCreated?: number | null;

  @Field(() => Int, { description: 'Since they began.' })
  @Directive('@external')
  yearsOfEmployment?: number;
}

@ObjectType({ description: 'What kind of a product it is.', simpleResolvers: true })
class ProductVariation {
  @Field(() => ID, { description: 'Stable id.' })
  id!: string;
}

@ObjectType({ description: 'A study.', simpleResolvers: true })
class CaseStudy {
  @Field(() => ID, { description: 'Stable number.' })
  caseNumber!: string;

  @Field(() => String, { nullable: true, description: 'What it is about.' })
  description!: string | null;
}

@ObjectType({ description: 'What a study found.', simpleResolvers: true })
@Directive('@key(fields: "study { caseNumber }")')
class ProductResearch {
  @Field(() => CaseStudy, { description: 'The study.' })
  study!: CaseStudy;

  @Field(() => String, { nullable: true, description: 'Its result; null before there is one.' })
  outcome!: string | null;
}

@ObjectType({ description: 'How large something is.', simpleResolvers: true })
@Directive('@shareable')
class ProductDimension {
  @Field(() => String, { nullable: true, description: 'In words.' })
  size!: string | null;

  @Field(() => Float, { nullable: true, description: 'In the unit that is kept here.' })
  weight!: number | null;

  @Field(() => String, { nullable: true, description: 'Of the weight; not for clients.' })
  @Directive('@inaccessible')
  unit!: string | null;
}

@ObjectType({ description: 'A product.', simpleResolvers: true })
@Directive('@custom')
@Directive('@key(fields: "id")')
@Directive('@key(fields: "sku package")')
@Directive('@key(fields: "sku variation { id }")')
class Product {
  @Field(() => ID, { description: 'Stable id.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Number in the catalogue.' })
  sku!: string | null;

  @Field(() => String, { nullable: true, description: 'Name of its package.' })
  package!: string | null;

  @Field(() => ProductVariation, { nullable: true, description: 'Its kind.' })
  variation!: ProductVariation | null;

  @Field(() => ProductDimension, { nullable: true, description: 'Its size.' })
  dimensions!: ProductDimension | null;

  @Field(() => User, { nullable: true, description: 'Who made it.' })
  @Directive('@provides(fields: "totalProductsCreated")')
  createdBy!: User | null;

  @Field(() => String, { nullable: true, description: 'For colleagues.' })
  @Directive('@tag(name: "internal")')
  notes!: string | null;

  @Field(() => [ProductResearch], { description: 'What is known of it.' })
  research!: ProductResearch[];
}

@ObjectType({ description: 'A product that is made no more.', simpleResolvers: true })
@Directive('@key(fields: "sku package")')
class DeprecatedProduct {
  @Field(() => String, { description: 'Number in the catalogue.' })
  sku!: string;

  @Field(() => String, { description: 'Name of its package.' })
  package!: string;

  @Field(() => String, { nullable: true, description: 'Why.' })
  reason!: string | null;

  @Field(() => User, { nullable: true, description: 'Who made it.' })
  createdBy!: User | null;
}

@ObjectType({ description: 'An interface of another subgraph, which gets a field of all its types here.' })
@Directive('@interfaceObject')
@Directive('@key(fields: "id")')
class Inventory {
  @Field(() => ID, { description: 'Stable id.' })
  id!: string;
}

const MAKER: User = { email: 'maker@example.com', name: 'Mary Maker', totalProductsCreated: 120, yearsOfEmployment: 8 };
const DIMENSIONS: ProductDimension = { size: 'tiny', weight: 2.5, unit: 'kg' };
const RESEARCH: readonly ProductResearch[] = [
  { study: { caseNumber: '77', description: 'Does it hold' }, outcome: null },
  { study: { caseNumber: '78', description: 'Does it last' }, outcome: 'It does' },
];
const PRODUCTS: readonly Product[] = [
  {
    id: 'lamp',
    sku: 'lamp-1',
    package: 'home/lamp',
    variation: { id: 'DESK' },
    dimensions: DIMENSIONS,
    createdBy: MAKER,
    notes: 'sells well',
    research: RESEARCH.slice(0, 1),
  },
  {
    id: 'shelf',
    sku: 'shelf-1',
    package: '',
    variation: { id: 'WALL' },
    dimensions: DIMENSIONS,
    createdBy: MAKER,
    notes: null,
    research: RESEARCH.slice(1),
  },
];
const DEPRECATED: DeprecatedProduct = { sku: 'candle-1', package: 'home/candle', reason: 'It burned', createdBy: MAKER };

@Resolver()
class ProductQueries {
  @Query(() => Product, { nullable: true, description: 'By id; null when there is none.' })
  product(@Arg('id', () => ID) id: string): Product | null {
    return PRODUCTS.find((product) => product.id === id) ?? null;
  }

  @Query(() => DeprecatedProduct, { nullable: true, deprecationReason: 'Ask for a product.', description: 'By its key.' })
  deprecatedProduct(@Arg('sku', () => String) sku: string, @Arg('package', () => String) packageName: string): DeprecatedProduct | null {
    return findDeprecated({ sku, package: packageName });
  }
}

@Resolver(() => User)
class UserFields {
  @FieldResolver(() => Int, { nullable: true, description: 'Products a year; null when they made none.' })
  @Directive('@requires(fields: "totalProductsCreated yearsOfEmployment")')
  averageProductsCreatedPerYear(@Root() { totalProductsCreated, yearsOfEmployment }: User): number | null {
    if (!totalProductsCreated || !yearsOfEmployment) return null;
    return Math.round(totalProductsCreated / yearsOfEmployment);
  }
}

@Resolver(() => Inventory)
class InventoryFields {
  @FieldResolver(() => [DeprecatedProduct], { description: 'What is in it and made no more.' })
  deprecatedProducts(): readonly DeprecatedProduct[] {
    return [DEPRECATED];
  }
}

type ProductKey = Partial<Pick<Product, 'id' | 'sku' | 'package' | 'variation'>>;

function findProduct({ id, sku, package: packageName, variation }: ProductKey): Product | null {
  const found = PRODUCTS.find((product) => {
    if (id !== undefined) return product.id === id;
    if (packageName !== undefined) return product.sku === sku && product.package === packageName;
    return product.sku === sku && product.variation?.id === variation?.id;
  });
  return found ?? null;
}

function findDeprecated(key: Pick<DeprecatedProduct, 'sku' | 'package'>): DeprecatedProduct | null {
  return key.sku === DEPRECATED.sku && key.package === DEPRECATED.package ? DEPRECATED : null;
}

export async function createCompatibilityProducts(): Promise<Subgraph> {
  const resolvers = [new ProductQueries(), new UserFields(), new InventoryFields()] as const;
  const { schema, sdl } = await buildFederatedSchema<object>({
    resolvers: [ProductQueries, UserFields, InventoryFields],
    instances: new Map(resolvers.map((resolver) => [resolver.constructor, resolver])),
    orphanedTypes: [Inventory],
    composedDirectives: [{ name: '@custom', specUrl: 'https://example.com/custom/v1.0', definition: 'directive @custom on OBJECT' }],
    referenceResolvers: {
      Product: findProduct,
      DeprecatedProduct: findDeprecated,
      ProductResearch: ({ study: { caseNumber } }: ProductResearch) =>
        RESEARCH.find(({ study }) => study.caseNumber === caseNumber) ?? null,
      // What it requires stands in the reference.
      User: (reference: User) => (reference.email === MAKER.email ? { ...reference, name: MAKER.name } : null),
      Inventory: (reference: Inventory) => reference,
    },
  });
  return defineSubgraph({ name: 'products', sdl, schema, createContext: () => ({}) });
}
