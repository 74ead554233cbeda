/** A checkpoint as something to open: safetensors, tokenizer, model programs, device, precision. */
package org.chameleon.model;
