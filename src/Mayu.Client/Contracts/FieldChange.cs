using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Mayu.Client.Contracts;

/// <summary>A field of a record before and after a change.</summary>
public sealed record FieldChange
{
    /// <summary>Its name in the record (<c>State</c>).</summary>
    [AllowNull]
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Its former value, or null when it was not there.</summary>
    public JsonElement? Old { get; init; }

    /// <summary>Its value, or null when it is gone.</summary>
    public JsonElement? New { get; init; }
}
