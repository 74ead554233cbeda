/** Windows drawn from the documents, in the tokens of the proxy. */
package org.chameleon.sampling;
