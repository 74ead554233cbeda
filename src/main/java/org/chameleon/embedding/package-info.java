/** The embedder, one model per executor and device, and the exact mean of each domain. */
package org.chameleon.embedding;
