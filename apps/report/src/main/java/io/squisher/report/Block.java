package io.squisher.report;

import io.squisher.internal.gson.JsonObject;

/** A part of a section: text, a table or a picture. The page's script draws each {@link #kind()} by a function of its own. */
public interface Block {
    /** What the script knows it by. */
    String kind();

    /** Its content for the script; a member {@code kind} is added. */
    JsonObject json();
}
