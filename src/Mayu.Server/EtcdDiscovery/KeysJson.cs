using System.Globalization;
using System.Text.Json.Serialization;

namespace Mayu.Server.EtcdDiscovery;

/// <summary>An answer of etcd's v2 keys API.</summary>
/// <param name="Action">What was done: <c>get</c>, <c>create</c>, <c>set</c>, <c>update</c> or <c>delete</c>.</param>
/// <param name="Node">The key.</param>
/// <param name="PrevNode">The key before; null: it was not there, or did not change.</param>
internal sealed record KeysAnswer(string Action, KeysNode Node, KeysNode? PrevNode = null)
{
    /// <summary>The answer to whoever made a change, or waited for it.</summary>
    public static KeysAnswer Of(DiscoveryToken token, DiscoveryEvent change) =>
        new(change.Action, KeysNode.Of(token, change.Member), change.Previous is { } former ? KeysNode.Of(token, former) : null);
}

/// <summary>A key of etcd's v2 keys API.</summary>
/// <param name="Key">Its path.</param>
/// <param name="ModifiedIndex">The change that it got its value with.</param>
/// <param name="CreatedIndex">The change that it came with.</param>
internal sealed record KeysNode(string Key, long ModifiedIndex, long CreatedIndex)
{
    /// <summary>The size of a token's cluster, below the token.</summary>
    public const string Size = "_config/size";

    /// <summary>Its value; null: it is a folder, or removed.</summary>
    public string? Value { get; init; }

    /// <summary>True: it is a folder.</summary>
    public bool? Dir { get; init; }

    /// <summary>What is in the folder; null: nothing.</summary>
    public IReadOnlyList<KeysNode>? Nodes { get; init; }

    /// <summary>A member.</summary>
    public static KeysNode Of(DiscoveryToken token, DiscoveryMember member) =>
        new(PathOf(token.Text, member.Name), member.ModifiedIndex, member.CreatedIndex) { Value = member.Value };

    /// <summary>A token with its members. Its size is left out, as etcd leaves out what begins with <c>_</c>.</summary>
    public static KeysNode Of(DiscoveryToken token) =>
        new(PathOf(token.Text, null), 1, 1) { Dir = true, Nodes = token.Members.IsEmpty ? null : [.. token.Members.Values.Select(member => Of(token, member))] };

    /// <summary>A token's size.</summary>
    public static KeysNode OfSize(DiscoveryToken token) =>
        new(PathOf(token.Text, Size), 1, 1) { Value = token.Size.ToString(CultureInfo.InvariantCulture) };

    /// <summary>The path of a token, or of what is below it.</summary>
    public static string PathOf(string token, string? below) => below is null ? $"{DiscoveryUrls.Path}/{token}" : $"{DiscoveryUrls.Path}/{token}/{below}";
}

/// <summary>An error of etcd's v2 keys API.</summary>
/// <param name="ErrorCode">Its code.</param>
/// <param name="Message">What the code means.</param>
/// <param name="Cause">What it is about.</param>
/// <param name="Index">The number of the last change.</param>
internal sealed record KeysError(int ErrorCode, string Message, string Cause, long Index);

/// <summary>The JSON of etcd's v2 keys API.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeysAnswer))]
[JsonSerializable(typeof(KeysError))]
internal sealed partial class KeysJson : JsonSerializerContext;
