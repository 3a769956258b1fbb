import { noteSdkCalls } from './sdk-calls';

noteSdkCalls();
