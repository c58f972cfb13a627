using Mayu.Core.Yaml;
using Mayu.Primitives;

namespace Mayu.Server.Preflight;

/// <summary>Finds public keys of SSH that are none: nobody could log in to the machine that gets one.</summary>
internal static class SshKeys
{
    /// <summary>The texts among these values that begin as a public key does and are none, each as a sentence.</summary>
    public static IEnumerable<string> Faults(YamlNode values) => values switch
    {
        YamlMap map => map.Entries.SelectMany(entry => Faults(entry.Value)),
        YamlList list => list.Items.SelectMany(Faults),
        YamlScalar scalar when scalar.Text.Split(' ') is [var type, var key, ..] && SshPublicKey.IsType(type) && !SshPublicKey.IsKey(scalar.Text) =>
            [$"\"{type} {Shortened(key)}\" (line {scalar.Line}) is not an SSH public key, so nobody can log in with it: write the whole line of the .pub file"],
        _ => [],
    };

    private static string Shortened(string text) => text.Length <= 40 ? text : $"{CutText.Of(text, 40)}…";
}
