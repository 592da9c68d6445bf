import { defineRecord } from '@loomgraph/sync';
import { UserEntity } from './entities.js';

/** The records of users whose changes reach the other stores. */
export const userRecord = defineRecord('User', UserEntity);
export const records = [userRecord];
