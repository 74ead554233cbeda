/**
 * Families of models as data: how each reads its {@code config.json}, and which weights its program
 * takes. It knows neither files nor PyTorch.
 */
package org.chameleon.model.family;
