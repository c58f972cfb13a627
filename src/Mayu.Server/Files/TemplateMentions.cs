using System.Text.RegularExpressions;
using Mayu.Core.Provisioning;
using Mayu.Linux.Files;

namespace Mayu.Server.Files;

/// <summary>Looks for a variable's name in templates and snippets.</summary>
internal static class TemplateMentions
{
    // More than anybody writes. Of what is beyond it nothing is known.
    private const int MostFiles = 2000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly EnumerationOptions AllOfIt = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };

    /// <summary>Whether one has the name, or may have it: a file that cannot be read may.</summary>
    /// <param name="name">The variable's name.</param>
    /// <param name="folders">The operator's folders; those that are null are passed over.</param>
    public static bool Has(string name, params ReadOnlySpan<string?> folders)
    {
        var word = new Regex($@"(?:\A|\W){Regex.Escape(name)}(?:\W|\z)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Patience);
        foreach (var folder in folders)
        {
            if (folder is not null && Directory.Exists(folder) && IsIn(folder, word))
            {
                return true;
            }
        }

        return TemplateLibrary.Shipped().Any(template => word.IsMatch(template.Text));
    }

    private static bool IsIn(string folder, Regex word)
    {
        var left = MostFiles;
        foreach (var file in Directory.EnumerateFiles(folder, "*", AllOfIt))
        {
            try
            {
                if (--left < 0 || BoundedFile.TryReadRegularText(file, TemplateLibrary.MaxBytes, out var text) is not null || word.IsMatch(text!))
                {
                    return true;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return true;
            }
        }

        return false;
    }
}
