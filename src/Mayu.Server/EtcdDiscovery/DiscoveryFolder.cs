using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mayu.Core.Json;
using Mayu.Linux.Files;
using Mayu.Primitives;
using Mayu.Server.Configuration.Settings;

namespace Mayu.Server.EtcdDiscovery;

/// <summary>The folder of the tokens: a file for each, mode 0600, in the place of which the next one is put whole.</summary>
/// <param name="path">The folder; it is made when the first token is.</param>
internal sealed class DiscoveryFolder(string path)
{
    /// <summary>How many tokens are read. There are never more, unless somebody put them there.</summary>
    public const int MostFiles = 8192;

    private const string Ending = ".json";
    private const int MaxBytes = 1 << 20;

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>Reads all tokens.</summary>
    /// <param name="unread">What cannot be read, with the reason.</param>
    public List<DiscoveryToken> Load(out List<string> unread)
    {
        var tokens = new List<DiscoveryToken>();
        unread = [];
        try
        {
            if (!Directory.Exists(path))
            {
                return tokens;
            }

            foreach (var file in Directory.EnumerateFiles(path, "*" + Ending).Take(MostFiles + 1))
            {
                if (tokens.Count + unread.Count == MostFiles)
                {
                    unread.Add($"{path}: it has more than {MostFiles} files, and the others were not read");
                    break;
                }

                if (TryRead(file, out var token, out var problem))
                {
                    tokens.Add(token!);
                }
                else
                {
                    unread.Add($"{file}: {problem}");
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            unread.Add($"{path}: {e.Reason()}");
        }

        return tokens;
    }

    /// <summary>Keeps a token; it is durable when this returns.</summary>
    /// <exception cref="IOException">The former one still holds.</exception>
    /// <exception cref="UnauthorizedAccessException">The former one still holds.</exception>
    public void Write(DiscoveryToken token)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            DiskFlush.FlushFolder(System.IO.Path.GetDirectoryName(path)!);
        }

        PrivateFile.Write(FileOf(token.Text), JsonSerializer.Serialize(KeptToken.Of(token), KeptTokenJson.Default.KeptToken) + "\n");
    }

    /// <summary>Removes a token for good.</summary>
    /// <exception cref="IOException">It may still be there.</exception>
    public void Delete(string token)
    {
        File.Delete(FileOf(token));
        DiskFlush.FlushFolder(path);
    }

    private static bool TryRead(string file, out DiscoveryToken? token, out string problem)
    {
        (token, problem) = (null, "");
        var text = System.IO.Path.GetFileNameWithoutExtension(file);
        if (!EtcdDiscoverySettings.IsToken(text))
        {
            problem = "its name is not a token";
            return false;
        }

        try
        {
            token = BoundedJson.Value(BoundedFile.ReadBytes(file, MaxBytes), KeptTokenJson.Default.KeptToken, MaxBytes)?.ToToken(text);
            problem = token is null ? "it does not hold a token" : "";
        }
        catch (JsonException e)
        {
            problem = $"line {e.LineNumber + 1 ?? 1} is not the JSON of a token";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = e.Reason();
        }

        return token is not null;
    }

    private string FileOf(string token) => System.IO.Path.Combine(path, token + Ending);
}

/// <summary>A token as it is kept; its text is the file's name.</summary>
internal sealed record KeptToken
{
    public required int Size { get; init; }
    public required long Index { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Changed { get; init; }
    public string? Client { get; init; }
    public bool IsKept { get; init; }
    public bool IsDefault { get; init; }
    public required IReadOnlyList<DiscoveryMember> Members { get; init; }

    public static KeptToken Of(DiscoveryToken token) => new()
    {
        Size = token.Size,
        Index = token.Index,
        Created = token.Created,
        Changed = token.Changed,
        Client = token.Client?.ToString(),
        IsKept = token.IsKept,
        IsDefault = token.IsDefault,
        Members = [.. token.Members.Values],
    };

    /// <summary>The token; null: its parts do not fit together.</summary>
    public DiscoveryToken? ToToken(string text) =>
        Size is < 1 or > EtcdDiscoverySettings.MaxSize || Members.Any(member => member is null) || Members.DistinctBy(member => member.Name).Count() != Members.Count
        || Members.Any(member => member.Value is null || !DiscoveryToken.IsName(member.Name) || member.ModifiedIndex > Index || member.CreatedIndex > member.ModifiedIndex)
            ? null
            : new DiscoveryToken
            {
                Text = text,
                Size = Size,
                Index = Index,
                Created = Created,
                Changed = Changed,
                Client = Ipv4.TryParse(Client, out var client) ? client : null,
                IsKept = IsKept,
                IsDefault = IsDefault,
                Members = Members.ToImmutableSortedDictionary(member => member.Name, member => member, StringComparer.Ordinal),
            }.WithEventsOfMembers();
}

/// <summary>The JSON of the files.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    WriteIndented = true)]
[JsonSerializable(typeof(KeptToken))]
internal sealed partial class KeptTokenJson : JsonSerializerContext;
