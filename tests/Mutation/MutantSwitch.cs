namespace Mayu.Mutation;

/// <summary>
/// The class that each mutated project gets. It reads once which mutant is active. When the tests run without one it notes who was
/// asked for, in a file that all processes share, child processes and those that are killed included; and it allocates nothing then,
/// since some tests count what is allocated.
/// </summary>
internal static class MutantSwitch
{
    /// <summary>The number of the active mutant; 0 or nothing: none.</summary>
    public const string ActiveVariable = "MUTANT";

    /// <summary>A file with a byte for each mutant, which becomes 1 when the mutant's place is reached.</summary>
    public const string ReachedVariable = "MUTANT_REACHED";

    /// <summary>What the class is called: two projects may see each other's internal types.</summary>
    public static string NameIn(string project) => "MutantSwitchOf" + project.Replace('.', '_');

    public static string SourceFor(string project) => $$"""
        internal static class {{NameIn(project)}}
        {
            private static readonly int Active = int.Parse(global::System.Environment.GetEnvironmentVariable("{{ActiveVariable}}") ?? "0");
            private static readonly global::System.IO.MemoryMappedFiles.MemoryMappedViewAccessor? Reached = Open();

            internal static bool On(int mutant)
            {
                Reached?.Write(mutant, (byte)1);
                return mutant == Active;
            }

            private static global::System.IO.MemoryMappedFiles.MemoryMappedViewAccessor? Open()
            {
                if (global::System.Environment.GetEnvironmentVariable("{{ReachedVariable}}") is not { Length: > 0 } path)
                {
                    return null;
                }

                var file = new global::System.IO.FileStream(path, global::System.IO.FileMode.Open, global::System.IO.FileAccess.ReadWrite, global::System.IO.FileShare.ReadWrite);
                return global::System.IO.MemoryMappedFiles.MemoryMappedFile.CreateFromFile(
                    file, null, 0, global::System.IO.MemoryMappedFiles.MemoryMappedFileAccess.ReadWrite, global::System.IO.HandleInheritability.None, false).CreateViewAccessor();
            }
        }
        """;
}
