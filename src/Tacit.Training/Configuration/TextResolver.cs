using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Data.Text;
using Tacit.Methods;

namespace Tacit.Training;

/// <summary>Fits what a configuration says about texts to the data: trains the tokeniser.</summary>
internal static class TextResolver
{
    /// <summary>The texts as a run takes them: as tokens, of the run's own tokeniser where it has one already.</summary>
    public static TextDataset Tokens(RunConfig config, TextDataset texts)
    {
        if (texts.Tokenizer is not null)
        {
            return texts;
        }

        TextInput input = config.Tokenizer is { } own ? new TextInput(own, config.Data.Length) : Input(config.Data, texts);
        return texts.Tokenized(input.Tokenizer, input.Length);
    }

    /// <summary>How texts are shown where nobody trained on them: by a tokeniser of their own.</summary>
    public static TextInput Input(DataOptions options, TextDataset texts) => new(BytePairTokenizer.Train(texts.Documents(), options.Vocabulary), options.Length);

    /// <summary>The configuration fitted to texts that are tokens.</summary>
    /// <exception cref="ConfigurationException">The texts are too small for the vocabulary that was asked for.</exception>
    public static RunConfig Fit(RunConfig config, TextDataset texts, Action<string> note)
    {
        BytePairTokenizer tokenizer = texts.Tokenizer!;
        if (tokenizer.Vocabulary < config.Data.Vocabulary)
        {
            if (config.Given.Contains("data.vocabulary"))
            {
                throw new ConfigurationException($"data.vocabulary: the texts hold too few pairs that come twice for {config.Data.Vocabulary} tokens; give at most {tokenizer.Vocabulary}.");
            }

            note($"data.vocabulary is {tokenizer.Vocabulary} instead of {config.Data.Vocabulary}: the texts hold no further pair that comes twice.");
        }

        return config with { Tokenizer = tokenizer, Data = config.Data with { Vocabulary = tokenizer.Vocabulary, Length = texts.Length } };
    }
}
