using System.Collections.Immutable;
using Mayu.Server.Configuration.Settings;

namespace Mayu.Server.Configuration;

/// <summary>The keys of <c>secrets</c>.</summary>
internal static class SecretSchema
{
    /// <summary>Asks for every key.</summary>
    public static ImmutableArray<SecretSetting> Bind(ConfigurationSection root)
    {
        var secrets = root.Sections("secrets", section =>
        {
            var name = section.Required<string>("name", "name", "The secret's name. Templates print it as `secrets.NAME`.", Parse.VariableName);
            var secret = new SecretSetting(name ?? "")
            {
                File = section.Optional<string?>("file", "file", "The file that holds it, at most 64 KiB of UTF-8; a final line end is left out. `{serial}` stands for the serial of the machine, percent-encoded: each machine has its own file.", Parse.Text!, null, "none"),
                Environment = section.Optional<string?>("environment", "name", "The environment variable of the server that holds it.", Parse.Text!, null, "none"),
                Command = [.. section.List<string>("command", "word", "The program that prints it, with its arguments: run without a shell, once, when the server starts or reloads; 10 s at most.", Parse.Text)],
            };
            var count = (secret.File is null ? 0 : 1) + (secret.Environment is null ? 0 : 1) + (secret.Command.IsEmpty ? 0 : 1);
            if (section.IsGiven && count != 1)
            {
                section.Problem("name", $"a secret comes from exactly one of file, environment and command; {(count == 0 ? "none is" : $"{count} are")} set");
            }

            if (secret.File is { } file && !Path.IsPathFullyQualified(file))
            {
                section.Problem("file", $"\"{file}\" is not an absolute path");
            }

            return secret;
        });
        root.Repeated("secrets", secrets, secret => secret.Name, (name, count) => $"there are {count} secrets with the name \"{name}\"");
        return [.. secrets];
    }
}
