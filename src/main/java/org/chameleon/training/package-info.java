/** The tokenizer and the proxy model, trained on executors. */
package org.chameleon.training;
