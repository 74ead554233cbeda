/** What language models are trained and measured on: sequences of token ids, in their order. */
package org.chameleon.sequences;
