using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>What is wrong with one field of a request's body (RFC 9457 §3).</summary>
public sealed record FieldError
{
    /// <summary>The field, as a JSON pointer in a fragment (RFC 6901 §6): <c>#/metadata/3</c>; <c>#</c> is the body as a whole.</summary>
    [AllowNull]
    [SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "RFC 9457 §3 calls it so")]
    public string Pointer { get; init => field = value ?? ""; } = "";

    /// <summary>What is wrong with it, and what to do about it.</summary>
    [AllowNull]
    public string Detail { get; init => field = value ?? ""; } = "";
}
