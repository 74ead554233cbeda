/**
 * The embedder, one model per executor and device, and the exact mean of each domain. DJL's Spark
 * extension is not used: it loads a model per task, reads no hidden layer, and always takes GPU 0.
 */
package org.chameleon.embedding;
