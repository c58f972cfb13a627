using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mayu.Core.Machines;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Machines;

/// <summary>The header <c>If-Match</c> of a request (RFC 9110 §13.1.1): the change is for this record alone, not for what another made of it meanwhile.</summary>
internal sealed class IfMatch : RequestPart, IEndpointParameterMetadataProvider
{
    private const int MaxTags = 16;

    private readonly IReadOnlyList<EntityTagHeaderValue> _tags;

    private IfMatch(IReadOnlyList<EntityTagHeaderValue> tags, Problem? problem)
        : base(problem) => _tags = tags;

    /// <summary>Whatever the record is.</summary>
    public static IfMatch Any { get; } = new([], problem: null);

    /// <summary>This record alone.</summary>
    /// <param name="tag">Its tag.</param>
    public static IfMatch Of(string tag) => new([new EntityTagHeaderValue(tag)], problem: null);

    /// <inheritdoc/>
    public override bool IsPrecondition => true;

    public static ValueTask<IfMatch?> BindAsync(HttpContext context)
    {
        var values = context.Request.Headers.IfMatch;
        return ValueTask.FromResult<IfMatch?>(
            values.Count == 0 ? Any
            : EntityTagHeaderValue.TryParseStrictList(values, out var tags) && tags.Count is > 0 and <= MaxTags ? new IfMatch([.. tags], problem: null)
            : new IfMatch([], Problem.Invalid($"If-Match is not a list of at most {MaxTags} entity tags like \"1a2b…\", which answers have as ETag.")));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(RequestParameter.OfText(
        RequestParameter.Header, "If-Match", "The ETag of the machine as you know it: the change is made only if its record is still that one, otherwise the answer is 412.", "\"5f0c1d2e3a4b59687786958493a2b1c0\""));

    /// <summary>The tag of a machine's record: another for each other content, whatever was seen of the machine meanwhile.</summary>
    public static string TagOf(Machine machine)
    {
        var shown = JsonSerializer.SerializeToUtf8Bytes(MachineView.Of(machine, trace: null, stall: null), Contracts.ApiJsonContext.Default.Machine);
        // What a record has and the API does not show.
        var hidden = Encoding.UTF8.GetBytes($"\n{machine.InstallId}\n{machine.InstalledProfile}\n{machine.SaidSerial}");
        return $"\"{Convert.ToHexStringLower(SHA256.HashData([.. shown, .. hidden]).AsSpan(0, 16))}\"";
    }

    /// <summary>Whether the change is for this record.</summary>
    /// <returns>Why not; null when it is.</returns>
    public Refusal? Refuse(Machine machine) =>
        _tags.Count == 0 || _tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || (!tag.IsWeak && tag.Tag == TagOf(machine)))
            ? null
            : new Refusal(RefusalReason.Stale, _tags.All(tag => tag.IsWeak) ? "If-Match has a weak entity tag (W/\"…\"), which never matches: a proxy that compresses answers may have made it weak."
                : $"Machine {machine.Serial} is not as it was when the change was prepared: look at it again, then change it.");
}
