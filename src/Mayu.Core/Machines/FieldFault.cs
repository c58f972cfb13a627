namespace Mayu.Core.Machines;

/// <summary>What is wrong with one field of a request.</summary>
/// <param name="Field">
/// The field: names and positions with slashes between (<c>metadata/3</c>), escaped as in a JSON pointer (RFC 6901 §3); <see cref="Whole"/>: the request as a whole.
/// </param>
/// <param name="Detail">A sentence.</param>
public sealed record FieldFault(string Field, string Detail)
{
    /// <summary>The request as a whole.</summary>
    public const string Whole = "";

    /// <summary>The same within another field.</summary>
    public FieldFault Within(string field) => this with { Field = Field == Whole ? field : $"{field}/{Field}" };
}
