export { ProtobufError } from './wire.ts';
