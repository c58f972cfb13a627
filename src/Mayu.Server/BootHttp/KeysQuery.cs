using System.Globalization;
using Microsoft.AspNetCore.Http.Features;

namespace Mayu.Server.BootHttp;

/// <summary>What a request of etcd's v2 keys API says in its query and its form.</summary>
internal sealed record KeysQuery
{
    private const int MaxBody = 8 * 1024;
    private const int MostFields = 16;
    private const string FormType = "application/x-www-form-urlencoded";

    private static readonly FormOptions Limits = new() { ValueCountLimit = MostFields, KeyLengthLimit = 64, ValueLengthLimit = MaxBody, BufferBodyLengthLimit = MaxBody };

    /// <summary>Whether the key must be there already; null: as it is.</summary>
    public bool? PrevExist { get; private init; }

    /// <summary>Whether to wait for a change.</summary>
    public bool IsWait { get; private init; }

    /// <summary>For the change with this number, or the next; null: the next from now on.</summary>
    public long? WaitIndex { get; private init; }

    /// <summary>Whether what is in the folder is meant, too.</summary>
    public bool IsRecursive { get; private init; }

    /// <summary>The value.</summary>
    public string? Value { get; private init; }

    /// <summary>The size of a new cluster.</summary>
    public string? Size { get; private init; }

    /// <summary>Reads it.</summary>
    /// <returns>What it says, or the name of the field that is wrong or that Mayu does not know.</returns>
    public static async Task<(KeysQuery? Query, string? Wrong)> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
        {
            body.MaxRequestBodySize = MaxBody;
        }

        var fields = request.Query.Select(field => (field.Key, Value: field.Value.ToString()));
        try
        {
            if (request.HasFormContentType && request.ContentType!.StartsWith(FormType, StringComparison.OrdinalIgnoreCase))
            {
                fields = fields.Concat((await request.ReadFormAsync(Limits, context.RequestAborted)).Select(field => (field.Key, Value: field.Value.ToString())));
            }
        }
        catch (InvalidDataException)
        {
            return (null, "the form");
        }

        var query = new KeysQuery();
        foreach (var (name, value) in fields)
        {
            if (query.With(name, value) is not { } next)
            {
                return (null, name.Length <= 64 ? name : "a field");
            }

            query = next;
        }

        return (query, null);
    }

    // What does not matter here is taken: etcd's client sends it always.
    private KeysQuery? With(string name, string value) => name switch
    {
        "value" => this with { Value = value },
        "size" => this with { Size = value },
        "prevExist" when TryFlag(value, out var flag) => this with { PrevExist = flag },
        "wait" when TryFlag(value, out var flag) => this with { IsWait = flag },
        "recursive" when TryFlag(value, out var flag) => this with { IsRecursive = flag },
        "sorted" or "quorum" or "consistent" or "dir" when TryFlag(value, out _) => this,
        "waitIndex" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) => this with { WaitIndex = index },
        _ => null,
    };

    private static bool TryFlag(string value, out bool flag) => (flag = value == "true") || value == "false";
}
