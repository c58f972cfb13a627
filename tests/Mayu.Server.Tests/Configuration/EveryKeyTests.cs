using System.Text.Json.Nodes;
using Mayu.Server.Configuration;

namespace Mayu.Server.Tests.Configuration;

/// <summary>Every key of the schema, wrong in each way that a hand makes mistakes: the answer names the line and the key, and says what would be right.</summary>
public sealed class EveryKeyTests
{
    private const string Valid = """
        {"network": {"interface": "eth1", "address": "10.0.0.1", "subnet": "10.0.0.0/24",
          "bootstrap_range": {"start": "10.0.0.100", "end": "10.0.0.199"}, "internal_range": {"start": "10.0.0.10", "end": "10.0.0.99"}},
         "defaults": {"image": "os"}}
        """;

    public static TheoryData<string> Keys => [.. AllKeys().Select(key => key.Path)];

    public static TheoryData<string> RequiredKeys => [.. AllKeys().Where(key => key.Default is null).Select(key => key.Path)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_value_of_another_kind_is_told(string path)
    {
        var isFree = path == "vars";
        var problems = Problems(With(path, isFree ? 7 : new JsonObject { ["a"] = 1 }));
        Assert.Contains(problems, problem => problem.Key == path && problem.Message.StartsWith("it must be ", StringComparison.Ordinal) && problem.Where.StartsWith("c.yaml:", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_key_that_is_misspelt_is_told_with_the_right_one(string path)
    {
        var problem = Assert.Single(Problems(With($"{path}q", "1")), problem => problem.Key == $"{path}q");
        Assert.StartsWith("there is no such key", problem.Message, StringComparison.Ordinal);
        var name = path[(path.LastIndexOf('.') + 1)..];
        // Of a short name another may be as near.
        Assert.True(name.Length < 4 || problem.Message.EndsWith($"; did you mean \"{name}\"?", StringComparison.Ordinal), problem.Message);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_key_of_another_section_is_told(string path)
    {
        var name = path[(path.LastIndexOf('.') + 1)..];
        var section = AllKeys().Any(key => key.Path == $"git.{name}") ? "boot" : "git";
        Assert.StartsWith(
            "there is no such key", Assert.Single(Problems(With($"{section}.{name}", "1")), problem => problem.Key == $"{section}.{name}").Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(RequiredKeys))]
    public void A_required_key_that_is_missing_is_told(string path)
    {
        // What is around it is there, so that it is missed.
        var parent = path[..path.LastIndexOf('.')];
        var root = path.Contains("[]", StringComparison.Ordinal) ? With(parent, new JsonObject(), isParent: true) : (JsonObject)JsonNode.Parse(Valid)!;
        var holder = Find(root, parent);
        holder.Remove(path[(path.LastIndexOf('.') + 1)..]);
        Assert.Contains(Problems(root), problem => problem.Key == path && problem.IsMissing && problem.Message.StartsWith("it is required; expected: ", StringComparison.Ordinal));
    }

    private static List<ConfigurationKey> AllKeys()
    {
        var reader = ConfigurationReader.Open(file: null, OutsideValues.None);
        ConfigurationSchema.Bind(reader);
        return [.. reader.Keys.DistinctBy(key => key.Path)];
    }

    private static List<ConfigurationProblem> Problems(JsonObject root)
    {
        var reader = ConfigurationReader.Read("c.yaml", root.ToJsonString(), OutsideValues.None);
        Assert.Null(ConfigurationSchema.Bind(reader));
        return reader.Problems;
    }

    private static JsonObject With(string path, JsonNode value, bool isParent = false)
    {
        var root = (JsonObject)JsonNode.Parse(Valid)!;
        if (isParent)
        {
            Find(root, path);
            return root;
        }

        var dot = path.LastIndexOf('.');
        var holder = dot < 0 ? root : Find(root, path[..dot]);
        holder[path[(dot + 1)..]] = value;
        return root;
    }

    // Walks to a map, and makes what is missing on the way.
    private static JsonObject Find(JsonObject root, string path)
    {
        var node = root;
        foreach (var segment in path.Split('.'))
        {
            var name = segment.TrimEnd('[', ']');
            if (segment.EndsWith("[]", StringComparison.Ordinal))
            {
                node[name] ??= new JsonArray(new JsonObject());
                node = (JsonObject)node[name]![0]!;
            }
            else
            {
                node[name] ??= new JsonObject();
                node = (JsonObject)node[name]!;
            }
        }

        return node;
    }
}
