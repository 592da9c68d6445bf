import { defineRecord } from '@loomgraph/sync';
import { CategoryEntity, TemplateEntity, TemplateUserEntity } from './entities.js';

/** The records of this subgraph whose changes reach the other stores. */
export const templateRecord = defineRecord('Template', TemplateEntity);
export const categoryRecord = defineRecord('Category', CategoryEntity);
export const userRecord = defineRecord('TemplateUser', TemplateUserEntity);
export const records = [templateRecord, categoryRecord, userRecord];
